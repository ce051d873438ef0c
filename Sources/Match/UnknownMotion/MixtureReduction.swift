internal import Glibc

/// Makes few Gaussians of many: time and again the two are merged whose merging loses least.
///
/// Merging keeps the weight, mean and covariance of all together. The loss of a pair is the bound of Runnalls on the Kullback–Leibler
/// divergence,
///
///     ½ [ (v_i + v_j) ln|P_ij| − v_i ln|P_i| − v_j ln|P_j| ],
///
/// with v = w^(1/4) instead of the weight w itself: few stars are near and fast, and a likelihood has to know them.
///
/// - Source: Runnalls (2007), IEEE Transactions on Aerospace and Electronic Systems 43, 989.
struct MixtureReduction {
  private var gaussians: [MotionGaussian]
  private var roots: [Double]
  private var logs: [Double]
  private var isAlive: [Bool]
  /// For each of them the cheapest later partner.
  private var partner: [Int]
  private var loss: [Double]
  private let count: Int

  /// - Parameters:
  ///   - gaussians: possible ones, all of positive weight.
  ///   - wanted: how many may be left, at least 1.
  /// - Complexity: O(n²) logarithms.
  static func reduced(_ gaussians: [MotionGaussian], to wanted: Int) -> [MotionGaussian] {
    guard gaussians.count > max(wanted, 1) else { return gaussians }
    var reduction = MixtureReduction(gaussians)
    for _ in 0..<gaussians.count - max(wanted, 1) { reduction.mergeCheapest() }
    return reduction.gaussians.indices.filter { reduction.isAlive[$0] }.map { reduction.gaussians[$0] }
  }

  private init(_ gaussians: [MotionGaussian]) {
    self.gaussians = gaussians
    count = gaussians.count
    roots = gaussians.map { $0.weight.squareRoot().squareRoot() }
    logs = gaussians.map { log($0.determinant) }
    isAlive = Array(repeating: true, count: count)
    partner = Array(repeating: -1, count: count)
    loss = Array(repeating: .infinity, count: count)
    for i in 0..<count { findPartner(i) }
  }

  @inline(__always)
  private func loss(_ i: Int, _ j: Int) -> Double {
    let sum = roots[i] + roots[j]
    let merged = gaussians[i].merged(with: gaussians[j], weight: sum, share: roots[j] / sum)
    return sum * log(merged.determinant) - roots[i] * logs[i] - roots[j] * logs[j]
  }

  private mutating func findPartner(_ i: Int) {
    (partner[i], loss[i]) = (-1, .infinity)
    for j in stride(from: i + 1, to: count, by: 1) where isAlive[j] { offer(j, to: i) }
  }

  @inline(__always)
  private mutating func offer(_ j: Int, to i: Int) {
    let value = loss(i, j)
    if value < loss[i] { (partner[i], loss[i]) = (j, value) }
  }

  private mutating func mergeCheapest() {
    var best = -1
    for i in 0..<count where isAlive[i] && partner[i] >= 0 && (best < 0 || loss[i] < loss[best]) { best = i }
    guard best >= 0 else { return }
    let other = partner[best]
    gaussians[best] = gaussians[best].merged(with: gaussians[other])
    roots[best] = gaussians[best].weight.squareRoot().squareRoot()
    logs[best] = log(gaussians[best].determinant)
    isAlive[other] = false
    findPartner(best)
    for i in 0..<count where isAlive[i] && i != best {
      if partner[i] == best || partner[i] == other {
        findPartner(i)
      } else if i < best {
        offer(best, to: i)
      }
    }
  }
}
