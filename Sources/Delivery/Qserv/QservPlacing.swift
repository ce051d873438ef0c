internal import Indexing

/// How the rows of an exported table are divided among the chunks of a Qserv.
struct QservPlacing {
  /// What the table is to Qserv.
  enum Kind {
    /// A table of objects in its own right; its rows are stored again in the surroundings of other sub-chunks.
    case director(key: String, isUnique: Bool)
    /// Rows about the objects of a director.
    case child(of: QservDatabase.Director, key: String)
    /// Pairs of objects of two directors; one whose objects are in two chunks is stored in both.
    case match(of: QservDatabase.Director, key: String, and: QservDatabase.Director, key2: String)
  }

  /// Where a position is among the values of a row, degrees.
  struct Position {
    let ra: ExportColumn.Source
    let dec: ExportColumn.Source
  }

  let kind: Kind
  let partition: StripePartition
  /// Of the object that the row belongs to.
  let position: Position
  /// Of the second object of a pair.
  let second: Position?
  /// Names of the columns of `position`; nil where the table does not have them.
  let positionColumns: (ra: String, dec: String)?

  /// Columns that the rows have at their ends beside those of the table.
  var addedColumns: [String] { isMatch ? [Self.flags, "chunkId", "subChunkId"] : ["chunkId", "subChunkId"] }
  /// Says of which object of a pair a row lies in the chunk: 1 the first, 2 the second, 3 both.
  static let flags = "partitioningFlags"
  /// Names that no other column may have.
  static let reservedColumns = [flags, "chunkId", "subChunkId"]

  var isMatch: Bool { if case .match = kind { true } else { false } }
  var isDirector: Bool { if case .director = kind { true } else { false } }
}

/// A file of a table, and what a row has at its end there.
struct QservRow: Equatable {
  let part: ExportPart
  let place: StripePartition.Place?
  let flags: Int?
}

extension QservPlacing {
  /// Two objects of a pair must be nearer than the overlap by this much, degrees: Qserv counts so (0.001″).
  private static let margin = 0.001 / 3600

  /// Where a row is stored.
  /// - Parameters:
  ///   - first: Right ascension and declination of its object, degrees.
  ///   - second: Those of the other object of a pair.
  func rows(first: (ra: Double, dec: Double), second: (ra: Double, dec: Double)?) -> [QservRow] {
    let place = partition.place(raDegrees: first.ra, decDegrees: first.dec)
    guard isMatch, let second else {
      let own = QservRow(part: .chunk(place.chunk), place: place, flags: nil)
      if !isDirector { return [own] }
      return [own]
        + partition.surroundings(raDegrees: first.ra, decDegrees: first.dec).map {
          QservRow(part: .overlap($0.chunk), place: $0, flags: nil)
        }
    }
    let apart = separation(
      ra1Degrees: first.ra, dec1Degrees: first.dec, ra2Degrees: second.ra, dec2Degrees: second.dec)
    if apart.degrees > partition.overlapDegrees - Self.margin {
      return [QservRow(part: .beyond, place: nil, flags: nil)]
    }
    let other = partition.place(raDegrees: second.ra, decDegrees: second.dec)
    if place.chunk == other.chunk { return [QservRow(part: .chunk(place.chunk), place: place, flags: 3)] }
    return [
      QservRow(part: .chunk(place.chunk), place: place, flags: 1),
      QservRow(part: .chunk(other.chunk), place: other, flags: 2),
    ]
  }
}
