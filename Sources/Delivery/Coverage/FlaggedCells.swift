internal import CatalogStore
internal import Indexing

/// The cells of one HEALPix order in which flagged rows of a match lie.
public struct FlaggedCells: Sendable {
  /// The orders that cells may have: down to 52″, which take 25 MB.
  public static let orders = 0...12
  /// 3.4′.
  public static let usualOrder = 10

  private let order: Int
  /// A bit for each cell.
  private var bits: [UInt64]

  init(order: Int) {
    precondition(Self.orders.contains(order), "an order of flagged cells is \(order)")
    self.order = order
    bits = Array(repeating: 0, count: ((12 << (2 * order)) + 63) / 64)
  }

  /// Adds the cells of the sources whose rows have any of some flags: of matches both, and those of sources alone.
  mutating func add(
    _ chunk: RunChunk, of database: SkyDatabase, _ flags: MatchFlags, _ cancellation: Cancellation
  ) throws {
    let reader = try ResultReader(database: database, chunk: chunk)
    for (table, positions) in [
      (ResultTable.matches, ["a_ra_deg", "a_dec_deg", "b_ra_deg", "b_dec_deg"]), (.nonmatches, ["ra_deg", "dec_deg"]),
    ] {
      let columns = positions.compactMap { name in table.columns.firstIndex { $0.name == name } }
      let rows = try reader.rows(table, columns: columns, where: "flags & ? <> 0") { $0.bind(1, flags.rawValue) }
      var count = 0
      while try rows.step() {
        if count % 4096 == 0 { try cancellation.check("export") }
        count += 1
        for place in stride(from: 0, to: columns.count, by: 2) { mark(rows.double(place), rows.double(place + 1)) }
      }
    }
  }

  private mutating func mark(_ raDegrees: Double, _ decDegrees: Double) {
    guard raDegrees.isFinite, (-90...90).contains(decDegrees) else { return }
    let cell = Int(Healpix29.index(raDegrees: raDegrees, decDegrees: decDegrees) >> Int64(2 * (29 - order)))
    bits[cell / 64] |= 1 << UInt64(cell % 64)
  }

  /// The cells that are marked.
  var region: PixelRangeSet {
    var pixels: [HealpixPixel] = []
    for (word, bits) in bits.enumerated() where bits != 0 {
      for bit in 0..<64 where bits & (1 << UInt64(bit)) != 0 {
        pixels.append(HealpixPixel(order: order, index: Int64(word * 64 + bit)))
      }
    }
    return PixelRangeSet(pixels: pixels)
  }
}
