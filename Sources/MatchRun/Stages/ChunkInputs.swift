internal import CatalogStore
internal import Match

/// What the results of a chunk were computed from, as it is recorded with the chunk.
struct ChunkInputs: Sendable, Equatable {
  /// A run of consecutive rowids.
  struct Piece: Sendable, Equatable {
    var first: Int64
    var count: Int64
  }

  /// Of everything but rowids.
  var digest: String
  /// How often the halo had to grow.
  var enlargement: Int
  /// The rowids of the sources of a that were read, in order.
  var piecesA: [Piece]
  /// Likewise of b.
  var piecesB: [Piece]

  init(digest: Fingerprint, enlargement: Int, _ sources: (a: SourceColumns, b: SourceColumns)) {
    self.digest = digest.description
    self.enlargement = enlargement
    piecesA = Self.pieces(sources.a.rowid)
    piecesB = Self.pieces(sources.b.rowid)
  }

  private static func pieces(_ rowids: [Int64]) -> [Piece] {
    var pieces: [Piece] = []
    for rowid in rowids {
      if let last = pieces.last, last.first + last.count == rowid {
        pieces[pieces.count - 1].count += 1
      } else {
        pieces.append(Piece(first: rowid, count: 1))
      }
    }
    return pieces
  }

  // MARK: Bytes

  var bytes: [UInt8] {
    var writer = IntegerWriter()
    writer.put(digest)
    writer.put(unsigned: UInt64(enlargement))
    for pieces in [piecesA, piecesB] {
      writer.put(unsigned: UInt64(pieces.count))
      var end: Int64 = 0
      for piece in pieces {
        writer.put(piece.first - end)
        writer.put(piece.count)
        end = piece.first + piece.count
      }
    }
    return writer.bytes
  }

  /// - Throws: `IntegerReader.Malformed` when the chunk is of a program that recorded none.
  init(_ bytes: [UInt8]) throws {
    var reader = IntegerReader(bytes[...])
    digest = try reader.text()
    enlargement = try reader.count(limit: 64)
    piecesA = try Self.pieces(&reader)
    piecesB = try Self.pieces(&reader)
  }

  private static func pieces(_ reader: inout IntegerReader) throws -> [Piece] {
    var pieces: [Piece] = []
    var end: Int64 = 0
    for _ in 0..<(try reader.length()) {
      let (gap, count) = (try reader.int64(), try reader.int64())
      let (first, overflowed) = end.addingReportingOverflow(gap)
      guard !overflowed, first >= end, count > 0, count <= Int64.max - first else { throw IntegerReader.Malformed() }
      end = first + count
      pieces.append(Piece(first: first, count: count))
    }
    return pieces
  }
}
