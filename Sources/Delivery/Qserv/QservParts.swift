/// Rows on their way to the files of chunks.
struct QservParts {
  private var texts: [ExportPart: (rows: Int64, text: [UInt8])] = [:]
  /// In the order in which their first rows came.
  private var order: [ExportPart] = []

  /// Adds a line to each of its files, with the numbers of the place and, for a pair, the flags before them.
  mutating func add(_ line: [UInt8], to rows: [QservRow]) {
    for row in rows {
      if texts[row.part] == nil { order.append(row.part) }
      texts[row.part, default: (0, [])].rows += 1
      texts[row.part, default: (0, [])].text.append(contentsOf: Self.line(line, row))
    }
  }

  private static func line(_ line: [UInt8], _ row: QservRow) -> [UInt8] {
    guard let place = row.place else { return line }
    let flags = row.flags.map { ",\($0)" } ?? ""
    return line.dropLast() + Array("\(flags),\(place.chunk),\(place.subChunk)\n".utf8)
  }

  /// All rows so far.
  var segments: [FormattedPiece.Segment] {
    order.map { .init(part: $0, rows: texts[$0]?.rows ?? 0, text: texts[$0]?.text ?? []) }
  }
}
