/// Everything that determines a simulated sky and the two catalogues a and b made of it.
///
/// Objects are of three kinds: those that both catalogues can see, the counterparts, and those that only a or only b can see.
/// Each is then observed by its catalogues, or missed.
public struct SkyModel: Sendable {
  /// Where objects are.
  public var region: SimulatedRegion
  /// How the densities change over the sky.
  public var profile = DensityProfile.uniform
  /// Objects per square degree where the profile is 1, before detection.
  public var densities: KindDensities
  /// How objects crowd.
  public var clusters = ClusterModel()
  /// Magnitudes of the objects, in the first band of a for those that a can see, in the first band of b for the others.
  public var magnitudes = MagnitudeModel()
  /// 1-σ proper motion of the objects in each coordinate, mas/yr.
  public var motionMasPerYear = 0.0
  /// How the first catalogue observes.
  public var a = CatalogueModel(bands: [.init("G"), .init("BP", offset: 0.4), .init("RP", offset: -0.6)])
  /// How the second catalogue observes.
  public var b = CatalogueModel(bands: [.init("W1"), .init("W2", offset: 0.1)])
  /// The seed.
  public var seed: UInt64 = 1

  /// A sky with the defaults of everything else.
  public init(region: SimulatedRegion, densities: KindDensities) {
    self.region = region
    self.densities = densities
  }
}

/// Objects per square degree, by kind.
public struct KindDensities: Sendable, Hashable {
  /// Objects that both catalogues can see.
  public var both: Double
  /// Objects that only the first can see.
  public var onlyA: Double
  /// Objects that only the second can see.
  public var onlyB: Double

  /// Densities by kind.
  public init(both: Double, onlyA: Double, onlyB: Double) {
    self.both = both
    self.onlyA = onlyA
    self.onlyB = onlyB
  }

  /// Densities from those of both catalogues, of which a fraction `matched` is in the other.
  public init(perCatalogue: Double, matched: Double) {
    self.init(both: perCatalogue * matched, onlyA: perCatalogue * (1 - matched), onlyB: perCatalogue * (1 - matched))
  }

  /// All kinds together.
  public var total: Double { both + onlyA + onlyB }
}

/// A Poisson cluster process (Matérn): parents without order, members uniform in a disc around each.
public struct ClusterModel: Sendable, Hashable {
  /// Fraction of the objects that are members of clusters.
  public var fraction = 0.0
  /// Radius of the discs, arcsec.
  public var radiusArcsec = 30.0
  /// Members of a cluster, on average.
  public var members = 10.0

  /// No clusters.
  public init() {}
}
