import ArgumentParser
import CatalogStore
import Simulation

/// Options of `xmdb simulate` about a crowded sky.
struct CrowdedOptions: ParsableArguments {
  /// Densities with a name.
  enum Preset: String, ExpressibleByArgument, CaseIterable {
    case sparse
    case middle
    case dense

    /// Objects per square degree brighter than magnitude 16.
    var density: Double {
      switch self {
      case .sparse: 300
      case .middle: 3000
      case .dense: 20_000
      }
    }
  }

  @Flag(help: "One field of real objects; those that a PSF does not resolve hide in brighter sources.")
  var crowded = false
  @Option(
    help: ArgumentHelp(
      "sparse, middle or dense: 300, 3000 or 20000 objects per deg2 brighter than --density-mag (default: middle).",
      valueName: "name"))
  var preset: Preset?
  @Option(help: ArgumentHelp("Magnitude in b that --density holds for (default: 16).", valueName: "mag"))
  var densityMag: Double?
  @Option(help: ArgumentHelp("Magnitude in b of the brightest objects (default: 8).", valueName: "mag"))
  var brightest: Double?
  @Option(
    help: ArgumentHelp("The faintest objects are this much fainter than --limit-b (default: 8).", valueName: "mag"))
  var hiddenDepth: Double?
  @Option(help: ArgumentHelp("Full width of a's PSF at half maximum (default: that of its band).", valueName: "arcsec"))
  var fwhmA: Double?
  @Option(help: ArgumentHelp("The same of b.", valueName: "arcsec")) var fwhmB: Double?
  @Option(
    help: ArgumentHelp(
      "How b measures a blend: psf, the fit of one PSF, or flux, the centre of light (default: psf).",
      valueName: "psf|flux"))
  var centroid: String?
  @Option(
    help: ArgumentHelp(
      "What an object hidden between several sources disturbs: all of them, or the nearest only (default: all).",
      valueName: "all|nearest"))
  var overlap: String?

  private static func value<Value: RawRepresentable & CaseIterable>(
    _ text: String?, _ option: String
  ) throws -> Value? where Value.RawValue == String {
    guard let text else { return nil }
    guard let value = Value(rawValue: text) else {
      let allowed = Value.allCases.map(\.rawValue).joined(separator: ", ")
      throw StoreError(.usage, option, "is '\(text)'; allowed: \(allowed)")
    }
    return value
  }

  /// These options mean nothing in another sky.
  func refuseWithoutFlag() throws {
    let asked: [(Bool, String)] = [
      (preset != nil, "--preset"), (densityMag != nil, "--density-mag"), (brightest != nil, "--brightest"),
      (hiddenDepth != nil, "--hidden-depth"), (fwhmA != nil, "--fwhm-a"), (fwhmB != nil, "--fwhm-b"),
      (centroid != nil, "--centroid"),
      (overlap != nil, "--overlap"),
    ]
    if let option = asked.first(where: { $0.0 }) {
      throw StoreError(.usage, option.1, "is of a crowded sky; give --crowded, too")
    }
  }

  /// A crowded sky with these and the other options.
  func model(
    _ sky: SkyOptions, _ magnitudes: MagnitudeOptions, a: CatalogueOptions<SideA>, b: CatalogueOptions<SideB>
  ) throws -> CrowdedSkyModel {
    if sky.density != nil && preset != nil {
      throw StoreError(.usage, "--preset", "does not go with --density; give one of them")
    }
    let density = sky.density ?? (preset ?? .middle).density
    var model = CrowdedSkyModel(region: .wholeSky, density: density)
    model.densityMagnitude = densityMag ?? model.densityMagnitude
    model.slope = magnitudes.slope
    model.brightest = brightest ?? model.brightest
    model.hiddenDepth = hiddenDepth ?? model.hiddenDepth
    (model.color, model.colorScatter) = (magnitudes.color, magnitudes.colorScatter)
    model.a = try a.crowdedModel(fwhm: fwhmA)
    model.b = try b.crowdedModel(fwhm: fwhmB)
    model.b.centroid = try Self.value(centroid, "--centroid") ?? model.b.centroid
    let overlap: CrowdedCatalogueModel.Overlap = try Self.value(overlap, "--overlap") ?? .all
    (model.a.overlap, model.b.overlap) = (overlap, overlap)
    model.region = try region(sky, model)
    return model
  }

  /// The region asked for, or the cone in which so many objects are brighter than the limit of b.
  private func region(_ sky: SkyOptions, _ model: CrowdedSkyModel) throws -> SimulatedRegion {
    switch (sky.sources, sky.region) {
    case (nil, nil):
      throw StoreError(
        .usage, "simulate", "needs --sources N or --region REGION, for example --crowded --sources 30000")
    case (_?, _?):
      throw StoreError(.usage, "--sources", "does not go with --region in a crowded sky; its density is --density")
    case (nil, let region?): return try SkyOptions.parsedRegion(region, "--region")
    case (let sources?, nil):
      try SkyOptions.require(sources, "--sources", 1...1e12)
      guard model.brightest < model.b.limit else {
        throw StoreError(
          .usage, "--limit-b", "is \(model.b.limit); allowed: fainter than --brightest, \(model.brightest)")
      }
      let perDegree2 = model.objectsPerDegree2(model.brightest...model.b.limit)
      guard perDegree2 > 0, perDegree2.isFinite else {
        throw StoreError(.usage, "--density", "is \(sky.density ?? 0); allowed: more than 0")
      }
      return .cone(center: try sky.centerPosition(), areaDegrees2: sources / perDegree2)
    }
  }
}
