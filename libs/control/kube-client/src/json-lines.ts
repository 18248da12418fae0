/** An object is at most 2 MiB with its admission; a line beyond this is not one of ours. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** Splits a stream into its lines, without their ends and without empty ones. Throws at a line that never ends. */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  maxLineBytes = MAX_LINE_BYTES,
): AsyncGenerator<string> {
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      const line = Buffer.concat([...pending, chunk.subarray(start, end)]).toString("utf8");
      pending = [];
      pendingBytes = 0;
      start = end + 1;
      if (line !== "") yield line;
    }
    if (start === chunk.length) continue;
    pending.push(chunk.subarray(start));
    pendingBytes += chunk.length - start;
    if (pendingBytes > maxLineBytes) throw new Error(`A line of the stream exceeds ${maxLineBytes} bytes.`);
  }
  if (pendingBytes > 0) yield Buffer.concat(pending).toString("utf8");
}
