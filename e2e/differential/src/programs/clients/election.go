package main

import (
	"context"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
)

const (
	leaseDuration = 2 * time.Second
	renewDeadline = 1500 * time.Millisecond
	retryPeriod   = 200 * time.Millisecond
)

// contender runs for a Lease; what it hears is written down.
type contender struct {
	heard  heard
	cancel context.CancelFunc
	done   chan struct{}
}

type campaign struct {
	lease, identity string
	release         bool
}

func (s *session) contend(ctx context.Context, run campaign) (*contender, error) {
	ctx, cancel := context.WithCancel(ctx)
	made := &contender{cancel: cancel, done: make(chan struct{})}
	elector, err := leaderelection.NewLeaderElector(leaderelection.LeaderElectionConfig{
		Lock: &resourcelock.LeaseLock{
			LeaseMeta:  metav1.ObjectMeta{Namespace: s.namespace, Name: run.lease},
			Client:     s.typed.CoordinationV1(),
			LockConfig: resourcelock.ResourceLockConfig{Identity: run.identity},
		},
		LeaseDuration: leaseDuration, RenewDeadline: renewDeadline, RetryPeriod: retryPeriod, ReleaseOnCancel: run.release,
		Callbacks: leaderelection.LeaderCallbacks{
			OnStartedLeading: func(context.Context) { made.heard.add("leads") },
			OnStoppedLeading: func() { made.heard.add("leads no more") },
			OnNewLeader:      func(identity string) { made.heard.add("sees " + identity) },
		},
	})
	if err != nil {
		cancel()
		return nil, err
	}
	go func() {
		defer close(made.done)
		elector.Run(ctx)
	}()
	return made, nil
}

func (s *session) sawLease(ctx context.Context, did, name string) error {
	lease, err := s.typed.CoordinationV1().Leases(s.namespace).Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		return err
	}
	saw(did, map[string]any{
		"holder": lease.Spec.HolderIdentity, "transitions": lease.Spec.LeaseTransitions, "seconds": lease.Spec.LeaseDurationSeconds,
		"renewed": lease.Spec.RenewTime != nil && !lease.Spec.RenewTime.Before(lease.Spec.AcquireTime),
	})
	return nil
}

// seeElectionLoss cuts the leader off the API: it stops by itself, and the other takes over.
func seeElectionLoss(ctx context.Context, s *session) error {
	relay, cut, err := s.throughRelay()
	if err != nil {
		return err
	}
	one, err := cut.contend(ctx, campaign{lease: "loss", identity: "one"})
	if err != nil {
		return err
	}
	if err := until(ctx, func() bool { return one.heard.has("leads") }); err != nil {
		return err
	}
	other, err := s.contend(ctx, campaign{lease: "loss", identity: "other"})
	if err != nil {
		return err
	}
	if err := until(ctx, func() bool { return other.heard.has("sees one") }); err != nil {
		return err
	}
	if err := s.sawLease(ctx, "the lease of the first", "loss"); err != nil {
		return err
	}
	relay.leave()
	<-one.done
	if err := until(ctx, func() bool { return other.heard.has("sees other") && other.heard.has("leads") }); err != nil {
		return err
	}
	saw("the one that was cut off no longer leads", one.heard.has("leads no more"))
	return s.sawLease(ctx, "the lease of the other", "loss")
}

// seeElectionRelease lets the leader go in peace: it gives the lease back, and the other has it before it runs out.
func seeElectionRelease(ctx context.Context, s *session) error {
	one, err := s.contend(ctx, campaign{lease: "release", identity: "one", release: true})
	if err != nil {
		return err
	}
	if err := until(ctx, func() bool { return one.heard.has("leads") }); err != nil {
		return err
	}
	one.cancel()
	<-one.done
	if err := s.sawLease(ctx, "the lease that was given back", "release"); err != nil {
		return err
	}
	other, err := s.contend(ctx, campaign{lease: "release", identity: "other", release: true})
	if err != nil {
		return err
	}
	if err := until(ctx, func() bool { return other.heard.has("leads") && other.heard.has("sees other") }); err != nil {
		return err
	}
	return s.sawLease(ctx, "the lease of the other", "release")
}
