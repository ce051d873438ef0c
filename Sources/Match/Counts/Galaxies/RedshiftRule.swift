import Glibc

/// At which redshifts the integral over the universe is taken.
public enum RedshiftRule: Sendable, Hashable {
  /// Gauss–Legendre quadrature from z = 10⁻⁴ to the given redshift, eight nodes per factor e^½ of z.
  case quadrature(upTo: Double)
  /// Shells between consecutive redshifts, each at the distance of its mean: the rule of macauff, for comparison.
  case shells([Double])

  /// Redshifts that are allowed: those of the K-corrections.
  public static let redshifts = 0.0...6.0

  /// The distances and comoving volumes: one node per redshift.
  ///
  /// - Throws: `CountsError` if the redshifts do not increase within 0…6, or there are too few or more than 10,000.
  func nodes(in cosmology: Cosmology) throws -> [RedshiftNode] {
    switch self {
    case .quadrature(let last):
      let nearest = 1e-4
      let far = try CountsError.checked(last, "the largest redshift of galaxies", unit: "", in: nearest * 2...6)
      return Self.quadrature(from: nearest, to: far, in: cosmology)
    case .shells(let edges):
      return try Self.shells(edges, in: cosmology)
    }
  }

  private static func quadrature(from near: Double, to far: Double, in cosmology: Cosmology) -> [RedshiftNode] {
    let panels = max(1, Int((log(far / near) / 0.5).rounded(.up)))
    var nodes: [RedshiftNode] = []
    var distance = 0.0
    var previous = 0.0
    for panel in 0..<panels {
      let a = near * pow(far / near, Double(panel) / Double(panels))
      let b = near * pow(far / near, Double(panel + 1) / Double(panels))
      let (middle, half) = (log(a * b) / 2, log(b / a) / 2)
      for (node, weight) in zip(EightPointQuadrature.nodes, EightPointQuadrature.weights) {
        let z = exp(middle + half * node)
        distance += cosmology.comovingDistance(from: previous, to: z)
        previous = z
        let volume = cosmology.volumePerDeg2(comovingDistanceMpc: distance, redshift: z)
        nodes.append(
          RedshiftNode(
            redshift: z, distanceModulus: Cosmology.distanceModulus(comovingDistanceMpc: distance, redshift: z),
            volume: weight * half * z * volume))
      }
    }
    return nodes
  }

  private static func shells(_ edges: [Double], in cosmology: Cosmology) throws -> [RedshiftNode] {
    guard edges.count >= 2, edges.count <= 10_000, edges.allSatisfy(redshifts.contains),
      zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 })
    else {
      throw CountsError("\(edges.count) edges of redshift shells; allowed: 2 to 10000, increasing, within 0 to 6")
    }
    func volume(_ distance: Double, _ z: Double) -> Double {
      cosmology.volumePerDeg2(comovingDistanceMpc: distance, redshift: z)
    }
    var nodes: [RedshiftNode] = []
    var inner = cosmology.comovingDistance(from: 0, to: edges[0])
    for (a, b) in zip(edges, edges.dropFirst()) {
      let z = (a + b) / 2
      let middle = inner + cosmology.comovingDistance(from: a, to: z)
      let outer = middle + cosmology.comovingDistance(from: z, to: b)
      nodes.append(
        RedshiftNode(
          redshift: z, distanceModulus: Cosmology.distanceModulus(comovingDistanceMpc: middle, redshift: z),
          volume: (volume(inner, a) + volume(outer, b)) / 2 * (b - a)))
      inner = outer
    }
    return nodes
  }
}

/// One redshift of the integral.
struct RedshiftNode: Sendable {
  let redshift: Double
  /// mag.
  let distanceModulus: Double
  /// The comoving volume that it stands for, Mpc³ deg⁻².
  let volume: Double
}
