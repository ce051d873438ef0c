import ArgumentParser
import CatalogStore
import Indexing
import Simulation

/// Options of `xmdb simulate` that say where how many objects are.
struct SkyOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Sources per catalogue, about; with a density, the size of a cone.", valueName: "n"))
  var sources: Double?
  @Option(
    help: ArgumentHelp(
      "Sources per square degree of either catalogue (default: 30000, or what --sources in --region give).",
      valueName: "per deg2"))
  var density: Double?
  @Option(help: ArgumentHelp("Fraction of the sources of either that are in the other.", valueName: "fraction"))
  var matched = 0.7
  @Option(help: ArgumentHelp("Objects that both see, per square degree.", valueName: "per deg2")) var counterparts:
    Double?
  @Option(help: ArgumentHelp("Objects that only a sees, per square degree.", valueName: "per deg2")) var onlyA: Double?
  @Option(help: ArgumentHelp("Objects that only b sees, per square degree.", valueName: "per deg2")) var onlyB: Double?
  @Option(
    help: ArgumentHelp(
      "sky, cone:RA,DEC,RADIUS or box:RA1,RA2,DEC1,DEC2, degrees; eastward from RA1 to RA2.", valueName: "region"))
  var region: String?
  @Option(
    help: ArgumentHelp("Centre of the cone that --sources makes, degrees (default: 180,0).", valueName: "ra,dec"))
  var center: String?
  @Option(
    help: ArgumentHelp("Density falls as exp(-|b|/height) from the galactic plane.", valueName: "degrees"))
  var planeHeight: Double?
  @Option(help: ArgumentHelp("Density in the plane is at most this many times the least.", valueName: "ratio"))
  var planeContrast = 1000.0
  @Option(help: ArgumentHelp("Fraction of the objects that are in clusters.", valueName: "fraction"))
  var clustered = 0.0
  @Option(help: ArgumentHelp("Radius of a cluster.", valueName: "arcsec")) var clusterRadius = 30.0
  @Option(help: ArgumentHelp("Objects in a cluster, on average.", valueName: "n")) var clusterMembers = 10.0

  /// A sky with these numbers, everything else at its defaults.
  func model() throws -> SkyModel {
    let densities = try self.densities()
    var model = SkyModel(region: try simulatedRegion(densities.scale), densities: densities.kinds)
    if let planeHeight {
      model.profile = .plane(heightDegrees: planeHeight, least: 1 / max(planeContrast, .leastNonzeroMagnitude))
    }
    model.clusters.fraction = clustered
    model.clusters.radiusArcsec = clusterRadius
    model.clusters.members = clusterMembers
    return model
  }

  /// Densities by kind, and the sources per square degree of the larger catalogue.
  private func densities() throws -> (kinds: KindDensities, scale: Double) {
    let byKind = [counterparts, onlyA, onlyB].compactMap { $0 }
    if byKind.isEmpty {
      let density = try density ?? densityOfSources() ?? 30_000
      try OptionRange("density", 1e-6...1e12, "sources per square degree").check(density)
      try OptionRange("matched", 0...1).check(matched)
      return (KindDensities(perCatalogue: density, matched: matched), density)
    }
    guard density == nil else {
      throw StoreError(
        .usage, "--density", "does not go with --counterparts, --only-a and --only-b; give either it or them")
    }
    let kinds = KindDensities(both: counterparts ?? 0, onlyA: onlyA ?? 0, onlyB: onlyB ?? 0)
    return (kinds, kinds.both + max(kinds.onlyA, kinds.onlyB))
  }

  private func densityOfSources() throws -> Double? {
    guard let sources, let region = try givenRegion() else { return nil }
    return sources / region.areaDegrees2
  }

  private func givenRegion() throws -> SimulatedRegion? {
    try region.map { try Self.parsedRegion($0, "--region") }
  }

  private func simulatedRegion(_ density: Double) throws -> SimulatedRegion {
    let isSized = density > 0 && (self.density != nil || counterparts != nil || onlyA != nil || onlyB != nil)
    if let region = try givenRegion() {
      if sources != nil && isSized {
        throw StoreError(.usage, "--sources", "does not go with both a density and --region; two of the three suffice")
      }
      return region
    }
    guard let sources else {
      throw StoreError(.usage, "simulate", "needs --sources N or --region REGION, for example --sources 100000")
    }
    try OptionRange("sources", 1...1e12).check(sources)
    guard density > 0 else { throw StoreError(.usage, "--sources", "needs a density above 0") }
    return .cone(center: try centerPosition(), areaDegrees2: sources / density)
  }

  private func centerPosition() throws -> SkyPosition {
    let numbers = (center ?? "180,0").split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
    guard numbers.count == 2, let ra = numbers[0], let dec = numbers[1],
      let position = SkyPosition(raDegrees: ra, decDegrees: dec)
    else {
      throw StoreError(
        .usage, "--center", "is '\(center ?? "")'; allowed: RA,DEC in degrees, for example --center 266.4,-29")
    }
    return position
  }

  static func parsedRegion(_ text: String, _ option: String) throws -> SimulatedRegion {
    guard let region = SimulatedRegion(text) else {
      throw StoreError(
        .usage, option,
        "is '\(text)'; allowed: sky, cone:RA,DEC,RADIUS with a radius up to 180, or "
          + "box:RA1,RA2,DEC1,DEC2 with DEC1 below DEC2, in degrees")
    }
    return region
  }
}
