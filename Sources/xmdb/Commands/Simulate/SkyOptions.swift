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
      "Sources per square degree of either catalogue (default: 30000, or what --sources in --region give); in a crowded "
        + "sky objects brighter than --density-mag in b.",
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
    try checkCombination()
    let profile = try profile()
    let region = try region.map { try Self.parsedRegion($0, "--region") }
    let densities = try densities(region, profile)
    var model = SkyModel(region: try region ?? cone(densities), densities: densities)
    model.profile = profile
    model.clusters.fraction = clustered
    model.clusters.radiusArcsec = clusterRadius
    model.clusters.members = clusterMembers
    return model
  }

  /// What a crowded sky does not have, by option; nil: nothing of that is asked for.
  var refusedWhenCrowded: String? {
    let asked: [(Bool, String)] = [
      (matched != 0.7, "--matched"), (counterparts != nil, "--counterparts"), (onlyA != nil, "--only-a"),
      (onlyB != nil, "--only-b"), (planeHeight != nil, "--plane-height"), (clustered != 0, "--clustered"),
    ]
    return asked.first { $0.0 }?.1
  }

  private var hasKinds: Bool { counterparts != nil || onlyA != nil || onlyB != nil }

  /// Of number, density and region two determine the third.
  private func checkCombination() throws {
    if density != nil && hasKinds {
      throw StoreError(
        .usage, "--density", "does not go with --counterparts, --only-a and --only-b; give either it or them")
    }
    switch (sources, region) {
    case (nil, nil):
      throw StoreError(.usage, "simulate", "needs --sources N or --region REGION, for example --sources 100000")
    case (_?, _?) where density != nil || hasKinds:
      throw StoreError(.usage, "--sources", "does not go with both a density and --region; two of the three suffice")
    case (_?, nil) where planeHeight != nil:
      throw StoreError(.usage, "--plane-height", "needs --region, since no cone is alike in density")
    default: break
    }
    if let sources { try Self.require(sources, "--sources", 1...1e12) }
    if let density { try Self.require(density, "--density", 1e-6...1e12) }
    try Self.require(matched, "--matched", 0...1)
  }

  private func profile() throws -> DensityProfile {
    try Self.require(planeContrast, "--plane-contrast", 1...1e9)
    return planeHeight.map { .plane(heightDegrees: $0, least: 1 / planeContrast) } ?? .uniform
  }

  private func densities(_ region: SimulatedRegion?, _ profile: DensityProfile) throws -> KindDensities {
    if hasKinds { return KindDensities(both: counterparts ?? 0, onlyA: onlyA ?? 0, onlyB: onlyB ?? 0) }
    let asked = region.flatMap { region in sources.map { $0 / profile.effectiveAreaDegrees2(of: region) } }
    return KindDensities(perCatalogue: asked ?? density ?? 30_000, matched: matched)
  }

  /// The cone in which the larger catalogue has as many sources as were asked for.
  private func cone(_ densities: KindDensities) throws -> SimulatedRegion {
    let density = densities.both + max(densities.onlyA, densities.onlyB)
    guard density > 0, let sources else { throw StoreError(.usage, "--sources", "needs a density above 0") }
    return .cone(center: try centerPosition(), areaDegrees2: sources / density)
  }

  func centerPosition() throws -> SkyPosition {
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

  static func require(_ value: Double, _ option: String, _ range: ClosedRange<Double>) throws {
    if range.contains(value) { return }
    let allowed = [range.lowerBound, range.upperBound].map { Format.significant($0, 6) }.joined(separator: " to ")
    throw StoreError(.usage, option, "is \(value); allowed: \(allowed)")
  }
}
