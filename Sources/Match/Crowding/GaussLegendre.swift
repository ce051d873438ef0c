internal import Glibc

/// Nodes and weights of Gauss and Legendre's quadrature on [0, 1].
struct GaussLegendre {
  let nodes: [Double]
  let weights: [Double]

  /// - Parameter count: At least 1.
  init(count: Int) {
    let n = max(1, count)
    var (nodes, weights) = ([Double](), [Double]())
    for i in 0..<n {
      var x = cos(.pi * (Double(i) + 0.75) / (Double(n) + 0.5))
      var slope = 1.0
      for _ in 0..<100 {
        let (value, derivative) = Self.legendre(n, x)
        slope = derivative
        let next = x - value / derivative
        if abs(next - x) < 1e-15 { break }
        x = next
      }
      slope = Self.legendre(n, x).derivative
      nodes.append((1 - x) / 2)
      weights.append(1 / ((1 - x * x) * slope * slope))
    }
    self.nodes = nodes
    self.weights = weights
  }

  private static func legendre(_ n: Int, _ x: Double) -> (value: Double, derivative: Double) {
    var (before, value) = (1.0, x)
    for k in stride(from: 2, through: n, by: 1) {
      (before, value) = (value, (Double(2 * k - 1) * x * value - Double(k - 1) * before) / Double(k))
    }
    return (value, Double(n) * (x * value - before) / (x * x - 1))
  }
}
