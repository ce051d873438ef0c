import CatalogStore
import Match

/// The part of `xm_auf` that is about two catalogues: how counterparts are distributed about each other, as a match has found.
enum WidthsTable {
  static let columns = [
    TableColumn("measured_order", .integer, "order of the pixel whose pairs were counted; -1: the whole sky"),
    TableColumn("measured_pixel", .integer, "nested index of that pixel"),
    TableColumn("variance_factor", .real, "variance of this part of the counterparts, over the quoted one"),
    TableColumn("floor_arcsec", .real, "error beside it that is not quoted"),
    TableColumn("motion_scale", .real, "speeds of unknown motions, over those of the model of the Galaxy"),
    TableColumn("speed_mas_per_yr", .real, "speed per axis of unknown motions in place of these"),
    TableColumn("weight", .real, "share of the counterparts; the shares of a pixel add up to 1"),
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
    return zip(WidthComponent.all, model.widths.weights).filter { $0.1 > 0 }.map { component, weight in
      [
        SQLValue(place.order), SQLValue(place.index), SQLValue(component.factor), SQLValue(component.floorArcsec),
        SQLValue(component.motionScale), SQLValue(component.speedMasPerYear), SQLValue(weight),
        SQLValue(model.counterparts),
        SQLValue(model.counterpartsError), SQLValue(model.widths.slope),
        SQLValue(model.widths.densityExponent), SQLValue(1 - (model.levelWeights.first ?? 1)),
      ]
    }
  }
}
