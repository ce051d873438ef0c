import ArgumentParser
import Simulation

/// One of the two catalogues of `xmdb simulate`: the options of each end in its letter.
protocol SimulatedSide: SendableMetatype {
  static var letter: String { get }
  static var bands: String { get }
  static var sigmaArcsec: Double { get }
  /// The same of a crowded sky.
  static var crowded: CrowdedCatalogueModel { get }
}

extension SimulatedSide {
  fileprivate static var band: String { crowded.band }
  fileprivate static var floorArcsec: Double { crowded.floorArcsec }
}

/// The first catalogue.
enum SideA: SimulatedSide {
  static let letter = "a"
  static let bands = "G,BP:0.4,RP:-0.6"
  static let sigmaArcsec = 0.1
  static let crowded = CrowdedCatalogueModel.sharp
}

/// The second catalogue.
enum SideB: SimulatedSide {
  static let letter = "b"
  static let bands = "W1,W2:0.1"
  static let sigmaArcsec = 0.2
  static let crowded = CrowdedCatalogueModel.blurred
}

/// Options of `xmdb simulate` about how a catalogue observes.
struct CatalogueOptions<Side: SimulatedSide>: ParsableArguments {
  @Option(
    name: name("bands"),
    help: ArgumentHelp(
      "Bands, with their mean offset from the first (default: \(Side.bands); one in a crowded sky: \(Side.band)).",
      valueName: "name[:mag],..."))
  var bands: String?
  @Option(
    name: name("sigma"),
    help: ArgumentHelp(
      "Median 1-sigma position error of bright sources (default: \(Side.sigmaArcsec); crowded: \(Side.floorArcsec)).",
      valueName: "arcsec"))
  var sigma: Double?
  @Option(name: name("sigma-scatter"), help: ArgumentHelp("Scatter of the position errors.", valueName: "dex"))
  var sigmaScatter = 0.1
  @Option(
    name: name("sigma-knee"), help: ArgumentHelp("Position errors grow beyond this magnitude.", valueName: "mag"))
  var sigmaKnee: Double?
  @Option(
    name: name("axis-ratio"),
    help: ArgumentHelp("Largest axis ratio of error ellipses; 1: circles.", valueName: "ratio"))
  var axisRatio = 1.0
  @Option(
    name: name("underestimate"),
    help: ArgumentHelp("True position errors are this many times the quoted ones.", valueName: "factor"))
  var underestimate = 1.0
  @Option(
    name: name("limit"), help: ArgumentHelp("Magnitude at which half of the objects are found.", valueName: "mag"))
  var limit: Double?
  @Option(name: name("limit-width"), help: ArgumentHelp("1-sigma width of the fall of completeness.", valueName: "mag"))
  var limitWidth = 0.3
  @Option(name: name("mag-error"), help: ArgumentHelp("Least 1-sigma error of magnitudes.", valueName: "mag"))
  var magError = 0.01
  @Option(name: name("depth"), help: ArgumentHelp("Magnitude of a noise of 0.2 mag, in every band.", valueName: "mag"))
  var depth: Double?
  @Option(
    name: name("missing"),
    help: ArgumentHelp("Fraction of magnitudes that are NULL, in every band.", valueName: "fraction"))
  var missing = 0.0
  @Option(name: name("footprint"), help: ArgumentHelp("Only this part of the sky is covered.", valueName: "region"))
  var footprint: String?
  @Option(
    name: name("hole"), parsing: .singleValue,
    help: ArgumentHelp("This part is not covered; may be given again.", valueName: "region"))
  var holes: [String] = []
  @Option(name: name("epoch"), help: ArgumentHelp("Epoch of the positions, a Julian year.", valueName: "year"))
  var epoch = 2016.0
  @Option(
    name: name("motion-error"), help: ArgumentHelp("Give proper motions, with this 1-sigma error.", valueName: "mas/yr")
  )
  var motionError: Double?

  private static func name(_ stem: String) -> NameSpecification { .customLong(stem + "-" + Side.letter) }

  /// What a crowded sky does not have, by option; nil: nothing of that is asked for.
  var refusedWhenCrowded: String? {
    let asked: [(Bool, String)] = [
      (sigmaKnee != nil, "sigma-knee"), (axisRatio != 1, "axis-ratio"), (missing != 0, "missing"),
      (footprint != nil, "footprint"), (!holes.isEmpty, "hole"), (motionError != nil, "motion-error"),
    ]
    return asked.first { $0.0 }.map { "--\($0.1)-\(Side.letter)" }
  }

  /// The same options for a crowded sky.
  func crowdedModel(fwhm: Double?) throws -> CrowdedCatalogueModel {
    var model = Side.crowded
    let isOther = bands.map { $0.lowercased() != model.band.lowercased() } ?? false
    model.band = bands ?? model.band
    if let fwhm {
      model.fwhmArcsec = fwhm
    } else if isOther {
      model.fwhmArcsec = try BandList.fwhmArcsec(of: model.band, Side.letter)
    }
    model.limit = limit ?? model.limit
    model.limitWidth = limitWidth
    model.photometry.floor = magError
    model.photometry.depth = depth ?? model.photometry.depth
    model.floorArcsec = sigma ?? model.floorArcsec
    model.sigmaScatter = sigmaScatter
    model.underestimate = underestimate
    model.epochYears = epoch
    return model
  }

  func model() throws -> CatalogueModel {
    var model = CatalogueModel(bands: try BandList.parse(bands ?? Side.bands, "--bands-" + Side.letter))
    model.position.sigmaArcsec = sigma ?? Side.sigmaArcsec
    model.position.scatter = sigmaScatter
    model.position.knee = sigmaKnee
    model.position.largestAxisRatio = axisRatio
    model.position.underestimate = underestimate
    model.photometry.floor = magError
    model.photometry.depth = depth
    model.limit = limit
    model.limitWidth = limitWidth
    model.missing = missing
    model.footprint = try footprint.map { try SkyOptions.parsedRegion($0, "--footprint-" + Side.letter) }
    model.holes = try holes.map { try SkyOptions.parsedRegion($0, "--hole-" + Side.letter) }
    model.epochYears = epoch
    model.motionErrorMasPerYear = motionError
    return model
  }
}
