import ArgumentParser
import CatalogStore
import Simulation

/// Options of `xmdb simulate` about the magnitudes of the objects.
struct MagnitudeOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Magnitudes of counterparts, in the first band of a.", valueName: "low:high"))
  var mag = "10:20"
  @Option(help: ArgumentHelp("Growth of their number.", valueName: "dex/mag")) var slope = 0.3
  @Option(
    help: ArgumentHelp("Magnitudes of objects only in a (default: those of counterparts).", valueName: "low:high"))
  var onlyAMag: String?
  @Option(help: ArgumentHelp("Growth of their number (default: --slope).", valueName: "dex/mag"))
  var onlyASlope: Double?
  @Option(
    help: ArgumentHelp(
      "Magnitudes of objects only in b, in its first band (default: those of counterparts).", valueName: "low:high"))
  var onlyBMag: String?
  @Option(help: ArgumentHelp("Growth of their number (default: --slope).", valueName: "dex/mag"))
  var onlyBSlope: Double?
  @Option(help: ArgumentHelp("Colour a - b, first bands, at magnitude 15 in a.", valueName: "mag")) var color = 1.0
  @Option(help: ArgumentHelp("Change of the colour per magnitude in a.", valueName: "mag/mag")) var colorSlope = 0.0
  @Option(help: ArgumentHelp("Intrinsic 1-sigma scatter of the colour.", valueName: "mag")) var colorScatter = 0.3
  @Option(help: ArgumentHelp("The same of further bands against the first.", valueName: "mag")) var bandScatter = 0.1

  /// What a crowded sky does not have, by option; nil: nothing of that is asked for.
  var refusedWhenCrowded: String? {
    let asked: [(Bool, String)] = [
      (mag != "10:20", "--mag"), (onlyAMag != nil, "--only-a-mag"), (onlyASlope != nil, "--only-a-slope"),
      (onlyBMag != nil, "--only-b-mag"), (onlyBSlope != nil, "--only-b-slope"), (colorSlope != 0, "--color-slope"),
      (bandScatter != 0.1, "--band-scatter"),
    ]
    return asked.first { $0.0 }?.1
  }

  func model() throws -> MagnitudeModel {
    var model = MagnitudeModel()
    model.color = color
    model.colorSlope = colorSlope
    model.colorScatter = colorScatter
    model.bandScatter = bandScatter
    model.counterparts = MagnitudeLaw(range: try Self.range(mag, "--mag"), slope: slope)
    if onlyAMag != nil || onlyASlope != nil {
      model.onlyA = try Self.law(onlyAMag, onlyASlope, model.counterparts, "--only-a-mag")
    }
    if onlyBMag != nil || onlyBSlope != nil {
      model.onlyB = try Self.law(onlyBMag, onlyBSlope, model.counterpartsInB, "--only-b-mag")
    }
    return model
  }

  private static func law(
    _ text: String?, _ slope: Double?, _ usual: MagnitudeLaw, _ option: String
  ) throws -> MagnitudeLaw {
    MagnitudeLaw(range: try text.map { try range($0, option) } ?? usual.range, slope: slope ?? usual.slope)
  }

  private static func range(_ text: String, _ option: String) throws -> ClosedRange<Double> {
    let numbers = text.split(separator: ":", omittingEmptySubsequences: false).map { Double($0) }
    guard numbers.count == 2, let low = numbers[0], let high = numbers[1], low <= high, (high - low).isFinite else {
      throw StoreError(.usage, option, "is '\(text)'; allowed: two magnitudes, brighter first, such as 10:20")
    }
    return low...high
  }
}
