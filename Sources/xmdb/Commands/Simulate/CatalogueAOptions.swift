import ArgumentParser
import CatalogStore
import Simulation

/// Options of `xmdb simulate` about how catalogue a observes.
struct CatalogueAOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Bands, with their mean offset from the first.", valueName: "name[:mag],..."))
  var bandsA = "G,BP:0.4,RP:-0.6"
  @Option(help: ArgumentHelp("Median 1-sigma position error of bright sources.", valueName: "arcsec"))
  var sigmaA = 0.1
  @Option(help: ArgumentHelp("Scatter of the position errors.", valueName: "dex")) var sigmaScatterA = 0.1
  @Option(help: ArgumentHelp("Position errors grow beyond this magnitude.", valueName: "mag")) var sigmaKneeA: Double?
  @Option(help: ArgumentHelp("Largest axis ratio of error ellipses; 1: circles.", valueName: "ratio"))
  var axisRatioA = 1.0
  @Option(help: ArgumentHelp("True position errors are this many times the quoted ones.", valueName: "factor"))
  var underestimateA = 1.0
  @Option(help: ArgumentHelp("Magnitude at which half of the objects are found.", valueName: "mag")) var limitA: Double?
  @Option(help: ArgumentHelp("1-sigma width of the fall of completeness.", valueName: "mag")) var limitWidthA = 0.3
  @Option(help: ArgumentHelp("Least 1-sigma error of magnitudes.", valueName: "mag")) var magErrorA = 0.01
  @Option(help: ArgumentHelp("Magnitude at which the error of magnitudes is 0.2.", valueName: "mag"))
  var depthA: Double?
  @Option(help: ArgumentHelp("Fraction of magnitudes that are NULL, in every band.", valueName: "fraction"))
  var missingA = 0.0
  @Option(help: ArgumentHelp("Only this part of the sky is covered.", valueName: "region")) var footprintA: String?
  @Option(parsing: .singleValue, help: ArgumentHelp("This part is not covered; may be repeated.", valueName: "region"))
  var holeA: [String] = []
  @Option(help: ArgumentHelp("Epoch of the positions, Julian year.", valueName: "year")) var epochA = 2016.0
  @Option(help: ArgumentHelp("Give proper motions, with this 1-sigma error.", valueName: "mas/yr"))
  var motionErrorA: Double?

  func model() throws -> CatalogueModel {
    var model = CatalogueModel(bands: try BandList.parse(bandsA, "--bands-a"))
    model.position.sigmaArcsec = sigmaA
    model.position.scatter = sigmaScatterA
    model.position.knee = sigmaKneeA
    model.position.largestAxisRatio = axisRatioA
    model.position.underestimate = underestimateA
    model.photometry.floor = magErrorA
    model.photometry.depth = depthA
    model.limit = limitA
    model.limitWidth = limitWidthA
    model.missing = missingA
    model.footprint = try footprintA.map { try SkyOptions.parsedRegion($0, "--footprint-a") }
    model.holes = try holeA.map { try SkyOptions.parsedRegion($0, "--hole-a") }
    model.epochYears = epochA
    model.motionErrorMasPerYear = motionErrorA
    return model
  }
}
