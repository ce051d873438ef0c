internal import CatalogStore
internal import Indexing

/// Some rows of one chunk: what one thread formats at a time.
struct ExportPiece: Sendable {
  /// Position of the chunk among those of the run.
  let position: Int
  let chunk: RunChunk
  /// Which rows of the result table, counted from 1.
  let rows: ClosedRange<Int64>

  /// Rows of a piece, usually: some megabytes of text.
  static let mostRows: Int64 = 16_384

  /// The pieces of a table, of so many rows each at most, in order.
  static func pieces(of table: ResultTable, _ chunks: [RunChunk], rows most: Int64) -> [ExportPiece] {
    chunks.enumerated().flatMap { position, chunk in
      let rows = table.rows(in: chunk.totals)
      return stride(from: 1, through: rows, by: Int(most)).map { first in
        ExportPiece(position: position, chunk: chunk, rows: first...min(first + most - 1, rows))
      }
    }
  }
}

extension ResultTable {
  fileprivate func rows(in totals: RunTotals) -> Int64 {
    switch self {
    case .matches: totals.matches
    case .nonmatches: totals.nonmatchesA + totals.nonmatchesB
    case .pairs: totals.pairs
    }
  }
}

/// The part of a table that has a file of its own.
enum ExportPart: Sendable, Hashable {
  /// All of it.
  case whole
  /// The rows in a pixel.
  case pixel(HealpixPixel)
  /// The rows in a chunk of Qserv.
  case chunk(Int32)
  /// The rows in the surroundings of its sub-chunks.
  case overlap(Int32)
  /// Pairs that are too wide for any chunk.
  case beyond
}

/// The text of a piece.
struct FormattedPiece: Sendable {
  /// Rows of the same part.
  struct Segment: Sendable {
    let part: ExportPart
    let rows: Int64
    let text: [UInt8]
  }

  let position: Int
  let segments: [Segment]
  /// The longest value of each column, bytes.
  let lengths: [Int]
}
