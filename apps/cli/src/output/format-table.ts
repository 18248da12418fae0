/** How cells are set apart. */
export interface TableStyle {
  /** Spaces after the widest cell of a column. */
  readonly gap: number;
  /** The least width of a column, gap included. */
  readonly minWidth: number;
}

/** As kubectl prints. */
export const KUBECTL_STYLE: TableStyle = { gap: 3, minWidth: 6 };

/** As istioctl prints. */
export const ISTIOCTL_STYLE: TableStyle = { gap: 5, minWidth: 0 };

/** Lines of aligned columns, without spaces at their ends but for empty last cells. */
export function formatTable(rows: readonly (readonly string[])[], style: TableStyle): string {
  const widths = columnWidths(rows, style);
  return rows.map((row) => `${formatRow(row, widths)}\n`).join("");
}

/** The width of each column, gap included. */
export function columnWidths(
  rows: readonly (readonly string[])[],
  { gap, minWidth }: TableStyle,
): readonly number[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: columns }, (_, column) =>
    Math.max(minWidth, ...rows.map((row) => (row[column] ?? "").length + gap)),
  );
}

/** One line in columns of given widths. */
export function formatRow(row: readonly string[], widths: readonly number[]): string {
  return row
    .map((cell, column) => (column === row.length - 1 ? cell : padded(cell, widths[column] ?? 0)))
    .join("");
}

/** A later row may be wider than those that set the widths. */
function padded(cell: string, width: number): string {
  return cell.length < width ? cell.padEnd(width) : `${cell}   `;
}
