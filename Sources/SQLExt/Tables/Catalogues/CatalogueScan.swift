import CatalogStore
import Indexing

/// What one scan of a catalogue's table reads: which shards, which rows of them, under which conditions.
///
/// HOW ROWS ARE FOUND. Every constraint that was taken becomes a condition of the query on the shard, so each row that
/// comes out satisfies all of them. Some constraints also say where to look: rowids choose a part of each shard by its
/// primary key; HEALPix ranges and boxes in right ascension and declination choose shards, and rowids by the table `block`;
/// an id chooses the shards whose smallest and largest id enclose it, and rows by the shard's index.
struct CatalogueScan {
  let files: CatalogueFiles
  let conditions: PushedConditions
  let columns: ScannedColumns
  /// Positions of shards, along the curve.
  let shards: [Int]
  private let rowids: ClosedRange<Int64>
  /// Nil where an id finds the rows faster.
  private let region: PixelRangeSet?

  /// Rows between two parts of a shard that are read along rather than jumped over.
  private static let worthwhileJump: Int64 = 16

  init(_ filter: FilterRequest, _ files: CatalogueFiles) {
    self.init(files, constraints: filter.constraints, columns: filter.used(files))
  }

  /// - Parameter used: The visible columns whose values are wanted.
  init(_ files: CatalogueFiles, constraints: [FilterConstraint], columns used: [Int]) {
    self.files = files
    let layout = files.layout
    columns = ScannedColumns(files, used: used)
    conditions = PushedConditions(constraints.filter { !layout.isRowidBound($0) }, of: files)
    let ids = constraints.filter { $0.column == layout.id && $0.operator.isEquality }.map(\.value)
    let wanted = layout.region(constraints)
    let rowids = layout.rowids(constraints)
    self.rowids = rowids ?? 0...0
    region = ids.isEmpty ? wanted : nil
    shards = rowids.map { files.shards($0, wanted, ids) } ?? []
  }

  /// The parts of a shard to be read, as rowids; nil for all of it.
  func parts(ofShard position: Int, _ shard: OpenShard) throws -> [ClosedRange<Int64>]? {
    let info = files.info.shards[position]
    let own = info.firstRowid...(info.firstRowid + info.rows - 1)
    let bounds = max(own.lowerBound, rowids.lowerBound)...min(own.upperBound, rowids.upperBound)
    guard let region, !region.contains(info.pixel.range29), bounds.count > Self.worthwhileJump else {
      return bounds == own ? nil : [bounds]
    }
    return joined(try shard.wide().rowids(in: region), in: bounds)
  }

  private func joined(_ found: [Range<Int64>], in bounds: ClosedRange<Int64>) -> [ClosedRange<Int64>] {
    var parts: [ClosedRange<Int64>] = []
    for range in found where range.upperBound > bounds.lowerBound && range.lowerBound <= bounds.upperBound {
      let part = (range.lowerBound...range.upperBound - 1).clamped(to: bounds)
      if let last = parts.last, part.lowerBound - last.upperBound <= Self.worthwhileJump {
        parts[parts.count - 1] = last.lowerBound...part.upperBound
      } else {
        parts.append(part)
      }
    }
    return parts
  }
}

extension PushedConditions {
  /// Constraints on a catalogue's table as a condition of a query on a shard.
  init(_ constraints: [FilterConstraint], of files: CatalogueFiles) {
    self.init(constraints) { $0 < 0 ? ("xm_rowid", .integer) : (files.columns[$0].name, files.columns[$0].kind) }
  }
}

extension CatalogueFiles {
  /// The shards that may hold rows with these rowids, in this part of the sky, with these ids.
  fileprivate func shards(_ rowids: ClosedRange<Int64>, _ region: PixelRangeSet?, _ ids: [SQLValue]) -> [Int] {
    let near = region.map(shards(in:)) ?? shards(withRowids: rowids)
    return near.filter { position in
      let shard = info.shards[position]
      return shard.firstRowid <= rowids.upperBound && shard.firstRowid + shard.rows > rowids.lowerBound
        && ids.allSatisfy { shard.mayHold($0) }
    }
  }

  private func shards(withRowids rowids: ClosedRange<Int64>) -> [Int] {
    guard let last = info.shards.last, rowids.upperBound >= 0 else { return [] }
    guard let first = shard(ofRowid: max(0, rowids.lowerBound)) else { return [] }
    let end = shard(ofRowid: min(rowids.upperBound, last.firstRowid + last.rows - 1)) ?? info.shards.count - 1
    return first <= end ? Array(first...end) : []
  }
}

extension ShardInfo {
  /// Whether a row with this id may be in the shard. True where the two cannot be compared without SQLite's help.
  func mayHold(_ id: SQLValue) -> Bool {
    switch (id, smallestID, largestID) {
    case (.null, _, _): true
    case (_, .null, .null): false
    case (.integer(let id), .integer(let low), .integer(let high)): (low...high).contains(id)
    case (.text(let id), .text(let low), .text(let high)):
      !id.utf8.lexicographicallyPrecedes(low.utf8) && !high.utf8.lexicographicallyPrecedes(id.utf8)
    default: true
    }
  }
}
