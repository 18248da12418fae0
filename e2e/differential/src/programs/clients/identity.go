package main

import (
	"context"
	"slices"
	"strings"

	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
)

func seeTokens(ctx context.Context, s *session) error {
	accounts := s.typed.CoreV1().ServiceAccounts(s.namespace)
	request := func(seconds int64, audiences ...string) (*authenticationv1.TokenRequest, error) {
		return accounts.CreateToken(ctx, "default", &authenticationv1.TokenRequest{
			Spec: authenticationv1.TokenRequestSpec{Audiences: audiences, ExpirationSeconds: &seconds},
		}, metav1.CreateOptions{})
	}
	token, err := request(600, "istio-ca", "other")
	if err != nil {
		return err
	}
	saw("asked for one", map[string]any{"audiences": token.Spec.Audiences, "seconds": token.Spec.ExpirationSeconds, "parts": strings.Count(token.Status.Token, ".")})
	_, err = request(599)
	saw("for too short a time", err)
	_, err = accounts.CreateToken(ctx, "nobody", &authenticationv1.TokenRequest{}, metav1.CreateOptions{})
	saw("for nobody", err)
	for _, audience := range []string{"istio-ca", "nonsense"} {
		reviewed, err := s.review(ctx, token.Status.Token, audience)
		if err != nil {
			return err
		}
		groups := slices.Clone(reviewed.User.Groups)
		slices.Sort(groups)
		saw("reviewed for "+audience, map[string]any{
			"authenticated": reviewed.Authenticated, "audiences": reviewed.Audiences, "user": reviewed.User.Username, "groups": groups, "why not": reviewed.Error != "",
		})
	}
	own, err := request(600)
	if err != nil {
		return err
	}
	asAccount := rest.AnonymousClientConfig(s.config)
	asAccount.BearerToken = own.Status.Token
	if err := whoAmI(ctx, "with its token", asAccount); err != nil {
		return err
	}
	asAccount.BearerToken = token.Status.Token
	if err := whoAmI(ctx, "with a token for others", asAccount); err != nil {
		return err
	}
	asAccount.BearerToken = "nonsense"
	return whoAmI(ctx, "with nonsense", asAccount)
}

func (s *session) review(ctx context.Context, token string, audiences ...string) (authenticationv1.TokenReviewStatus, error) {
	reviewed, err := s.typed.AuthenticationV1().TokenReviews().Create(ctx, &authenticationv1.TokenReview{
		Spec: authenticationv1.TokenReviewSpec{Token: token, Audiences: audiences},
	}, metav1.CreateOptions{})
	if err != nil {
		return authenticationv1.TokenReviewStatus{}, err
	}
	return reviewed.Status, nil
}

func whoAmI(ctx context.Context, did string, config *rest.Config) error {
	session, err := sessionWith(config)
	if err != nil {
		return err
	}
	review, err := session.typed.AuthenticationV1().SelfSubjectReviews().Create(ctx, &authenticationv1.SelfSubjectReview{}, metav1.CreateOptions{})
	if err != nil {
		saw(did, err)
		return nil
	}
	groups := slices.Clone(review.Status.UserInfo.Groups)
	slices.Sort(groups)
	saw(did, map[string]any{"user": review.Status.UserInfo.Username, "groups": groups})
	return nil
}

func seeAccess(ctx context.Context, s *session) error {
	asked := []authorizationv1.ResourceAttributes{
		{Namespace: s.namespace, Verb: "create", Resource: "pods"},
		{Verb: "*", Group: "*", Resource: "*"},
	}
	for _, attributes := range asked {
		review, err := s.typed.AuthorizationV1().SelfSubjectAccessReviews().Create(ctx, &authorizationv1.SelfSubjectAccessReview{
			Spec: authorizationv1.SelfSubjectAccessReviewSpec{ResourceAttributes: &attributes},
		}, metav1.CreateOptions{})
		saw("may I "+attributes.Verb+" "+attributes.Resource, either(review.Status.Allowed, err))
	}
	_, err := s.typed.AuthorizationV1().SelfSubjectAccessReviews().Create(ctx, &authorizationv1.SelfSubjectAccessReview{}, metav1.CreateOptions{})
	saw("may I, without a question", err)
	local, err := s.typed.AuthorizationV1().LocalSubjectAccessReviews(s.namespace).Create(ctx, &authorizationv1.LocalSubjectAccessReview{
		ObjectMeta: metav1.ObjectMeta{Namespace: s.namespace},
		Spec: authorizationv1.SubjectAccessReviewSpec{
			User: "nobody", Groups: []string{"system:masters"},
			ResourceAttributes: &authorizationv1.ResourceAttributes{Namespace: s.namespace, Verb: "get", Resource: "pods"},
		},
	}, metav1.CreateOptions{})
	saw("may a master", either(local.Status.Allowed, err))
	rules, err := s.typed.AuthorizationV1().SelfSubjectRulesReviews().Create(ctx, &authorizationv1.SelfSubjectRulesReview{
		Spec: authorizationv1.SelfSubjectRulesReviewSpec{Namespace: s.namespace},
	}, metav1.CreateOptions{})
	saw("what may I", either(slices.ContainsFunc(rules.Status.ResourceRules, func(rule authorizationv1.ResourceRule) bool {
		return slices.Contains(rule.Verbs, "*") && slices.Contains(rule.Resources, "*")
	}), err))
	return nil
}
