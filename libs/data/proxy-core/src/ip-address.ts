/** An IPv6 address as the kernel's answers are written here; any other text stays as it is. */
export function canonicalAddress(address: string): string {
  if (!address.includes(":")) return address;
  const url = `http://[${address}]/`;
  return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : address;
}
