export const TAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SPACE = 0x20;
export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const SLASH = 0x2f;
export const ZERO = 0x30;
export const NINE = 0x39;
export const COLON = 0x3a;
export const SEMICOLON = 0x3b;
export const EQUALS = 0x3d;
export const BACKSLASH = 0x5c;
export const ASTERISK = 0x2a;

/** 1 for each octet that `isMember` accepts. */
function table(isMember: (octet: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, octet) => (isMember(octet) ? 1 : 0));
}

const among = (characters: string) => (octet: number) => characters.includes(String.fromCharCode(octet));
const isAlphanumeric = among("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
const isMark = among("!#$%&'*+-.^_`|~");
const isHostMark = among("-._~!$&'()*+;=:[]%");

/** Source: RFC 9110 §5.6.2, `tchar`. */
export const TOKEN = table((octet) => isAlphanumeric(octet) || isMark(octet));

/** Source: RFC 9110 §5.5, `field-content` with obs-text; controls but the tab are left out. */
export const FIELD_VALUE = table((octet) => octet === TAB || (octet >= SPACE && octet !== 0x7f));

/** Visible ASCII without the fragment's `#`, which has no place in a request (CVE-2021-39156). */
export const TARGET = table((octet) => octet > SPACE && octet < 0x7f && octet !== 0x23);

/** What an authority without userinfo may hold; the comma, though a sub-delim, joins two hosts. */
export const AUTHORITY = table((octet) => isAlphanumeric(octet) || isHostMark(octet));

/** The value of a hexadecimal digit; 255 for any other octet. */
export const HEX_VALUE = Uint8Array.from({ length: 256 }, (_, octet) => {
  const value = "0123456789abcdef".indexOf(String.fromCharCode(octet).toLowerCase());
  return value < 0 ? 255 : value;
});

/** ASCII letters in lower case, everything else as it is. */
export const LOWER = Uint8Array.from({ length: 256 }, (_, octet) =>
  octet >= 0x41 && octet <= 0x5a ? octet + 32 : octet,
);

/** Says whether `bytes` hold the lower-case ASCII `text` at `from`, in any letter case. */
export function matchesFolded(bytes: Uint8Array, from: number, text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (LOWER[bytes[from + index] ?? 0] !== text.charCodeAt(index)) return false;
  }
  return true;
}
