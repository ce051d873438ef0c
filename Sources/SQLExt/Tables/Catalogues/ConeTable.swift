import CatalogStore
import Indexing

// xm_cone(catalogue, ra, dec, radius): the sources within a radius of a position, all in degrees.
//
//     SELECT id, separation_arcsec FROM xm_cone('gaia', 66.75, 16, 0.1) ORDER BY separation_arcsec
//     SELECT c.separation_arcsec, g.* FROM xm_cone('gaia', 66.75, 16, 0.1) AS c JOIN gaia AS g USING (xm_rowid)
//
// HOW IT WORKS. The cone is covered with order-29 ranges, which choose shards and blocks of their narrow form. Each source
// found there is kept if its separation, by the haversine, is at most the radius: the same test as xm_in_cone. One shard
// is read at a time. The columns are those that every catalogue has, in the same units; the others come by a join.

/// `xm_cone`.
final class ConeTable: VirtualTable {
  private let context: XMDBContext
  private let opened: StatementView?

  init(_ context: XMDBContext, opened: StatementView? = nil) {
    self.context = context
    self.opened = opened
  }

  static let definition = TableFunction(
    "xm_cone", in: .catalogues,
    parameters: [
      .catalogue("catalogue"), .ra("ra"), .dec("dec"), .real("radius", "degrees", NumberRange(from: 0, to: 180)),
    ],
    columns: ConeColumn.allCases.map(\.definition),
    summary: """
      The sources of a catalogue within a radius of a position, its border included, in the order of the sky. The columns \
      are those that all catalogues have, in the same units, at the catalogue's own epoch; NULL is unknown. The \
      catalogue's other columns come by a join on `xm_rowid`.
      """,
    example: """
      SELECT c.separation_arcsec, g.source_id, g.g_mag
      FROM xm_cone('gaia', 66.75, 16, 0.1) AS c JOIN gaia AS g ON g.xm_rowid = c.xm_rowid
      ORDER BY c.separation_arcsec
      """
  ) { ConeTable($0) }

  func open() throws -> any OpenTable { ConeTable(context, opened: try context.view()) }

  func plan(_ request: PlanRequest) throws -> Plan {
    var rows = 1000.0
    if case .text(let name)? = request.arguments[0], let files = try? context.contents().catalogue(name),
      let radius = request.arguments[3]?.number
    {
      let area = files.info.shards.reduce(0) { $0 + HealpixPixel.area(order: $1.pixel.order) }
      rows = Double(files.info.rows) * min(1, .pi * radius * radius / max(area, 1e-9))
    }
    var plan = Plan(cost: 100 + rows, rows: Plan.count(rows))
    plan.isOrdered = request.order.isSkyOrder(
      rowid: ConeColumn.rowid.rawValue, healpix29: ConeColumn.healpix29.rawValue)
    return plan
  }

  func makeCursor(_ filter: FilterRequest) throws -> VirtualCursor {
    let contents = try opened?.contents ?? context.contents()
    let files = try filter.catalogue(0, in: contents)
    guard let ra = try filter.real(1), let dec = try filter.real(2), let radius = try filter.real(3),
      let center = SkyPosition(raDegrees: ra, decDegrees: dec)
    else { preconditionFailure("the bridge lets no scan begin without its arguments") }
    return try ConeCursor(files, center: center, radius: .degrees(radius), context)
  }
}

/// The columns of `xm_cone`, in order.
enum ConeColumn: Int, CaseIterable {
  case id, ra, dec, separation, sigma, motionRA, motionDec, epoch, rowid, healpix29

  var definition: TableColumn {
    switch self {
    case .id: TableColumn("id", .any, "identifier")
    case .ra: TableColumn("ra_deg", .real, "right ascension")
    case .dec: TableColumn("dec_deg", .real, "declination")
    case .separation: TableColumn("separation_arcsec", .real, "separation from the centre")
    case .sigma: TableColumn("sigma_arcsec", .real, "1-sigma position error, larger axis")
    case .motionRA: TableColumn("pm_ra_mas_yr", .real, "proper motion in right ascension, times cos(dec)")
    case .motionDec: TableColumn("pm_dec_mas_yr", .real, "proper motion in declination")
    case .epoch: TableColumn("epoch_yr", .real, "epoch of the position, Julian years")
    case .rowid: TableColumn("xm_rowid", .integer, "position in the catalogue's sky order, from 0", formerly: "xm_rank")
    case .healpix29: TableColumn("xm_healpix29", .integer, "HEALPix index of the position, order 29, nested")
    }
  }
}
