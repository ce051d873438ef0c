import CatalogStore
import Match

/// The part of `xm_auf` that is about two catalogues: how counterparts are distributed about each other, as a match has found.
enum WidthsTable {
  static let columns = [
    TableColumn("measured_order", .integer, "order of the pixel whose pairs were counted; -1: the whole sky"),
    TableColumn("measured_pixel", .integer, "nested index of that pixel"),
    TableColumn(
      "sigma_from_arcsec", .real, "these are the pairs whose 1-sigma error is at least so large; NULL: no limit"),
    TableColumn("sigma_to_arcsec", .real, "and less than this; NULL: no limit"),
    TableColumn("variance_factor", .real, "variance of this part of the counterparts, over the quoted one"),
    TableColumn("floor_arcsec", .real, "error beside it that is not quoted"),
    TableColumn("motion_scale", .real, "speeds of unknown motions, over those of the model of the Galaxy"),
    TableColumn("speed_mas_per_yr", .real, "speed per axis of unknown motions in place of these"),
    TableColumn("weight", .real, "share of the counterparts; those of a pixel and range of errors add up to 1"),
    TableColumn("counterparts", .real, "number of counterparts among the pairs of the pixel"),
    TableColumn("counterparts_error", .real, "its 1-sigma error"),
    TableColumn("chance_slope", .real, "beta: chance pairs go as 1 + beta (sqrt(t/T) - 2/3)"),
    TableColumn("density_exponent", .real, "gamma: how much of the scatter of the local densities is real"),
    TableColumn("magnitude_weight", .real, "weight of what magnitudes say; 0: nothing"),
  ]

  /// The rows for two catalogues, arguments 1 and 2.
  static func rows(
    _ filter: FilterRequest, _ contents: SkyContents, _ context: XMDBContext
  ) throws -> [[SQLValue]] {
    let (a, b) = (try filter.catalogue(0, in: contents), try filter.catalogue(1, in: contents))
    let found = try contents.measurement(a.info.name, b.info.name, check: context.checkInterrupt)
    return try found.pairModels.flatMap { entry in
      do { return rows(entry.sky, try PairModel(payload: entry.payload)) } catch {
        throw StoreError(.damaged, "run", "holds a model of pairs that is none; match again with --redo")
      }
    }
  }

  private static func rows(_ sky: MeasuredSky, _ model: PairModel) -> [[SQLValue]] {
    let place = sky.orderAndIndex
    let shares = model.widths.shares
    let common = [
      SQLValue(model.counterparts), SQLValue(model.counterpartsError), SQLValue(model.widths.slope),
      SQLValue(model.widths.densityExponent), SQLValue(1 - (model.levelWeights.first ?? 1)),
    ]
    return shares.ranges.indices.flatMap { range -> [[SQLValue]] in
      let spreads = shares.spreadsArcsec2(ofRange: range)
      let used = zip(WidthComponent.all, shares.ranges[range]).filter { $0.1 > 0 }
      return used.map { component, weight in
        let part: [SQLValue] = [
          SQLValue(place.order), SQLValue(place.index), SQLValue(spreads.from?.squareRoot()),
          SQLValue(spreads.to?.squareRoot()), SQLValue(component.factor), SQLValue(component.floorArcsec),
          SQLValue(component.motionScale), SQLValue(component.speedMasPerYear), SQLValue(weight),
        ]
        return part + common
      }
    }
  }
}
