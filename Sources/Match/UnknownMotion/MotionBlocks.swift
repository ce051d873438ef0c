internal import Glibc

/// A distribution of motion made ready for many pairs: its Gaussians in blocks of eight, those at rest as one of no width.
public struct MotionBlocks: Sendable, Hashable {
  private struct Block: Sendable, Hashable {
    var weight = SIMD8<Double>.zero
    var meanX = SIMD8<Double>.zero
    var meanY = SIMD8<Double>.zero
    var xx = SIMD8<Double>.zero
    var yy = SIMD8<Double>.zero
    var xy = SIMD8<Double>.zero
  }

  private var blocks: [Block] = []
  private var used = 0

  /// Variances that are smaller count as this, arcsec².
  private static let leastVariance = 1e-30

  /// Of a mixture in axes of right ascension and declination (`MotionMixture.equatorial(at:)`).
  public init(_ mixture: MotionMixture) {
    append(mixture.stillShare)
    for gaussian in mixture.gaussians { append(gaussian, gaussian.weight) }
  }

  /// Of two mixtures in Galactic axes with shares that add up to 1, in axes of right ascension and declination.
  init(_ first: MotionMixture, _ second: MotionMixture, share: Double, axes: GalacticAxes) {
    blocks.reserveCapacity((first.gaussians.count + second.gaussians.count) / 8 + 1)
    append((1 - share) * first.stillShare + share * second.stillShare)
    for (mixture, own) in [(first, 1 - share), (second, share)] where own > 0 {
      for gaussian in mixture.gaussians {
        append(gaussian.turned(cosine: axes.cosine, sine: axes.sine), own * gaussian.weight)
      }
    }
  }

  /// Those at rest.
  private mutating func append(_ stillShare: Double) {
    append(MotionGaussian(weight: 0, meanX: 0, meanY: 0, xx: 0, yy: 0, xy: 0), stillShare)
  }

  private mutating func append(_ g: MotionGaussian, _ weight: Double) {
    guard weight > 0 else { return }
    if used % 8 == 0 { blocks.append(Block()) }
    let (block, lane) = (used / 8, used % 8)
    used += 1
    blocks[block].weight[lane] = weight
    (blocks[block].meanX[lane], blocks[block].meanY[lane]) = (g.meanX, g.meanY)
    (blocks[block].xx[lane], blocks[block].yy[lane], blocks[block].xy[lane]) = (g.xx, g.yy, g.xy)
  }

  /// What a pair is, beside the motions.
  struct Pair {
    let east: Double
    let north: Double
    let xx: Double
    let yy: Double
    let xy: Double
    /// 10⁻³ τ, so that motions are mas/yr.
    let drift: Double

    /// Offsets beyond 10⁷ arcsec count as that.
    @inline(__always)
    init(_ covariance: PositionCovariance, east: Double, north: Double, years: Double) {
      self.east = Self.bounded(east)
      self.north = Self.bounded(north)
      (xx, yy, xy) = (max(covariance.xx, leastVariance), max(covariance.yy, leastVariance), covariance.xy)
      drift = 1e-3 * years
    }

    @inline(__always)
    private static func bounded(_ offset: Double) -> Double { abs(offset) < 1e7 ? offset : 1e7 }
  }

  /// χ²/2 and the determinant of a block's Gaussians with a variance that is added to both axes.
  @inline(__always)
  private func terms(
    _ block: Block, _ pair: Pair, _ variance: Double
  ) -> (half: SIMD8<Double>, determinant: SIMD8<Double>) {
    let square = pair.drift * pair.drift
    let (x, y) = (pair.east - pair.drift * block.meanX, pair.north - pair.drift * block.meanY)
    let xx = (pair.xx + variance) + square * block.xx
    let yy = (pair.yy + variance) + square * block.yy
    let xy = pair.xy + square * block.xy
    let determinant = xx * yy - xy * xy
    return ((yy * x * x - 2 * xy * x * y + xx * y * y) / (2 * determinant), determinant)
  }

  /// The smallest χ²/2 of all: what sums are taken relative to. With a larger variance it is smaller.
  @inline(__always)
  func least(_ pair: Pair, variance: Double) -> Double {
    var least = Double.infinity
    for block in blocks {
      let half = terms(block, pair, variance).half
      least = min(least, half.replacing(with: .infinity, where: block.weight .<= 0).min())
    }
    return least
  }

  /// Σ w e^(least − χ²/2) / √det.
  @inline(__always)
  func sum(_ pair: Pair, variance: Double, least: Double) -> Double {
    var sum = SIMD8<Double>.zero
    for block in blocks {
      let (half, determinant) = terms(block, pair, variance)
      sum += block.weight * Exponentials.nonPositive(least - half) / determinant.squareRoot()
    }
    return sum.sum()
  }
}
