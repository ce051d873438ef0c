import ArgumentParser
import CatalogStore
import Simulation

/// Options of `xmdb simulate` about how catalogue b observes.
struct CatalogueBOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Bands, with their mean offset from the first.", valueName: "name[:mag],..."))
  var bandsB = "W1,W2:0.1"
  @Option(help: ArgumentHelp("Median 1-sigma position error of bright sources.", valueName: "arcsec"))
  var sigmaB = 0.2
  @Option(help: ArgumentHelp("Scatter of the position errors.", valueName: "dex")) var sigmaScatterB = 0.1
  @Option(help: ArgumentHelp("Position errors grow beyond this magnitude.", valueName: "mag")) var sigmaKneeB: Double?
  @Option(help: ArgumentHelp("Largest axis ratio of error ellipses; 1: circles.", valueName: "ratio"))
  var axisRatioB = 1.0
  @Option(help: ArgumentHelp("True position errors are this many times the quoted ones.", valueName: "factor"))
  var underestimateB = 1.0
  @Option(help: ArgumentHelp("Magnitude at which half of the objects are found.", valueName: "mag")) var limitB: Double?
  @Option(help: ArgumentHelp("1-sigma width of the fall of completeness.", valueName: "mag")) var limitWidthB = 0.3
  @Option(help: ArgumentHelp("Least 1-sigma error of magnitudes.", valueName: "mag")) var magErrorB = 0.01
  @Option(help: ArgumentHelp("Magnitude at which the error of magnitudes is 0.2.", valueName: "mag"))
  var depthB: Double?
  @Option(help: ArgumentHelp("Fraction of magnitudes that are NULL, in every band.", valueName: "fraction"))
  var missingB = 0.0
  @Option(help: ArgumentHelp("Only this part of the sky is covered.", valueName: "region")) var footprintB: String?
  @Option(parsing: .singleValue, help: ArgumentHelp("This part is not covered; may be repeated.", valueName: "region"))
  var holeB: [String] = []
  @Option(help: ArgumentHelp("Epoch of the positions, Julian year.", valueName: "year")) var epochB = 2016.0
  @Option(help: ArgumentHelp("Give proper motions, with this 1-sigma error.", valueName: "mas/yr"))
  var motionErrorB: Double?

  func model() throws -> CatalogueModel {
    var model = CatalogueModel(bands: try BandList.parse(bandsB, "--bands-b"))
    model.position.sigmaArcsec = sigmaB
    model.position.scatter = sigmaScatterB
    model.position.knee = sigmaKneeB
    model.position.largestAxisRatio = axisRatioB
    model.position.underestimate = underestimateB
    model.photometry.floor = magErrorB
    model.photometry.depth = depthB
    model.limit = limitB
    model.limitWidth = limitWidthB
    model.missing = missingB
    model.footprint = try footprintB.map { try SkyOptions.parsedRegion($0, "--footprint-b") }
    model.holes = try holeB.map { try SkyOptions.parsedRegion($0, "--hole-b") }
    model.epochYears = epochB
    model.motionErrorMasPerYear = motionErrorB
    return model
  }
}
