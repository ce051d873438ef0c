import ArgumentParser
import Simulation

/// One of the two catalogues of `xmdb simulate`: the options of each end in its letter.
protocol SimulatedSide: SendableMetatype {
  static var letter: String { get }
  static var bands: String { get }
  static var sigmaArcsec: Double { get }
}

/// The first catalogue.
enum SideA: SimulatedSide {
  static let letter = "a"
  static let bands = "G,BP:0.4,RP:-0.6"
  static let sigmaArcsec = 0.1
}

/// The second catalogue.
enum SideB: SimulatedSide {
  static let letter = "b"
  static let bands = "W1,W2:0.1"
  static let sigmaArcsec = 0.2
}

/// Options of `xmdb simulate` about how a catalogue observes.
struct CatalogueOptions<Side: SimulatedSide>: ParsableArguments {
  @Option(
    name: name("bands"),
    help: ArgumentHelp("Bands, with their mean offset from the first.", valueName: "name[:mag],..."))
  var bands = Side.bands
  @Option(
    name: name("sigma"), help: ArgumentHelp("Median 1-sigma position error of bright sources.", valueName: "arcsec"))
  var sigma = Side.sigmaArcsec
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

  func model() throws -> CatalogueModel {
    var model = CatalogueModel(bands: try BandList.parse(bands, "--bands-" + Side.letter))
    model.position.sigmaArcsec = sigma
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
