/** A token of a label selector: an operator, a bracket, or a word; "" is the end. */
export type Token = string;

const OPERATORS = ["==", "!=", "=", "!", "(", ")", ",", ">", "<"];
const WORD = /[^\s=!(),<>]+/y;
const SPACE = /\s*/y;

/** The tokens of a label selector, in order. Source: Kubernetes, `labels.Lexer`. */
export function selectorTokens(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let position = skip(SPACE, text, 0);
  while (position < text.length) {
    const token = tokenAt(text, position);
    tokens.push(token);
    position = skip(SPACE, text, position + token.length);
  }
  return tokens;
}

/** Says whether a token is a name or a value. */
export function isWord(token: Token): boolean {
  return token !== "" && !OPERATORS.includes(token);
}

function tokenAt(text: string, position: number): Token {
  const operator = OPERATORS.find((candidate) => text.startsWith(candidate, position));
  return operator ?? text.slice(position, skip(WORD, text, position));
}

function skip(pattern: RegExp, text: string, position: number): number {
  pattern.lastIndex = position;
  return pattern.test(text) ? pattern.lastIndex : position;
}
