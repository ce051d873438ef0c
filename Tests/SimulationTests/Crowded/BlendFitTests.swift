import Foundation
import Testing

@testable import Simulation

/// The fit of one PSF to many against least squares by brute force: the images are added up on fine pixels, and the sum of
/// squares is made least by trying places.
@Suite struct BlendFitTests {
  /// Σ over pixels of (Σ fᵢ P(x − xᵢ) − F P(x − δ))², with the best F; pixels of 0.25 σ_P, at which sums of Gaussians are
  /// integrals to 10⁻⁹ and better. Everything in units of σ_P.
  private struct Image {
    static let step = 0.25
    static let half = 9.0
    let pixels: [Double]
    let axis: [Double]

    init(_ members: [BlendMember]) {
      axis = Array(stride(from: -Self.half, through: Self.half, by: Self.step))
      var pixels = [Double](repeating: 0, count: axis.count * axis.count)
      for object in [BlendMember(eastArcsec: 0, northArcsec: 0, flux: 1)] + members {
        Self.add(object.flux, object.eastArcsec, object.northArcsec, axis, to: &pixels)
      }
      self.pixels = pixels
    }

    private static func add(_ flux: Double, _ x: Double, _ y: Double, _ axis: [Double], to pixels: inout [Double]) {
      for (row, north) in axis.enumerated() {
        let column = flux * exp(-(north - y) * (north - y) / 2)
        for (place, east) in axis.enumerated() {
          pixels[row * axis.count + place] += column * exp(-(east - x) * (east - x) / 2)
        }
      }
    }

    /// The least sum of squares with the PSF at a place, and the flux that gives it.
    func residual(_ x: Double, _ y: Double) -> (squares: Double, flux: Double) {
      var psf = [Double](repeating: 0, count: pixels.count)
      Self.add(1, x, y, axis, to: &psf)
      var (own, cross, square) = (0.0, 0.0, 0.0)
      for index in pixels.indices {
        own += psf[index] * psf[index]
        cross += psf[index] * pixels[index]
        square += pixels[index] * pixels[index]
      }
      return (square - cross * cross / own, cross / own)
    }

    /// Compass search from the brightest object.
    func minimum() -> (x: Double, y: Double, flux: Double) {
      var (x, y, reach) = (0.0, 0.0, 0.2)
      var best = residual(x, y)
      while reach > 1e-6 {
        var moved = false
        for (dx, dy) in [(reach, 0), (-reach, 0), (0, reach), (0, -reach)] {
          let next = residual(x + dx, y + dy)
          if next.squares < best.squares {
            (x, y, best, moved) = (x + dx, y + dy, next, true)
          }
        }
        if !moved { reach /= 2 }
      }
      return (x, y, best.flux)
    }
  }

  private static let cases: [[BlendMember]] = [
    [.init(eastArcsec: 1, northArcsec: 0, flux: 0.1)], [.init(eastArcsec: 2.7, northArcsec: 0, flux: 0.9)],
    [.init(eastArcsec: -1, northArcsec: 1.5, flux: 0.5)], [.init(eastArcsec: 0, northArcsec: -2.5, flux: 1)],
    [.init(eastArcsec: 1.4, northArcsec: 1.4, flux: 0.01), .init(eastArcsec: -0.5, northArcsec: 0.2, flux: 0.8)],
    (0..<30).map { (number: UInt64) in
      var stream = RandomStream(RandomKey(seed: 5).with(number), .place)
      let (radius, angle) = (2.79 * stream.uniform().squareRoot(), 2 * Double.pi * stream.uniform())
      return BlendMember(
        eastArcsec: radius * cos(angle), northArcsec: radius * sin(angle), flux: pow(stream.uniform(), 3))
    },
  ]

  @Test(arguments: cases) func theFitIsThatOfLeastSquaresOnPixels(_ members: [BlendMember]) {
    let fit = BlendFit(psfOf: members, sigmaPSFArcsec: 1)
    let oracle = Image(members).minimum()
    #expect(abs(fit.eastArcsec - oracle.x) < 2e-5 && abs(fit.northArcsec - oracle.y) < 2e-5, "\(fit) \(oracle)")
    #expect(abs(fit.flux - oracle.flux) < 1e-8 * oracle.flux, "\(fit) \(oracle)")
  }

  @Test func oneNeighbourPullsAsItsEquationSays() {
    for (distance, flux) in [(0.01, 0.3), (0.7, 1e-6), (1.4, 0.05), (2, 0.5), (2.79, 0.2), (2.79, 0.99)] {
      let angle = 0.3
      let member = BlendMember(
        eastArcsec: 6.1 * distance * cos(angle), northArcsec: 6.1 * distance * sin(angle), flux: flux)
      let fit = BlendFit(psfOf: [member], sigmaPSFArcsec: 6.1)
      // Bisection of Δ e^(−Δ²/4) = f (x − Δ) e^(−(x−Δ)²/4).
      var (low, high) = (0.0, distance * flux / (1 + flux))
      for _ in 0..<200 {
        let pull = (low + high) / 2
        let rest = distance - pull
        if pull * exp(-pull * pull / 4) < flux * rest * exp(-rest * rest / 4) { low = pull } else { high = pull }
      }
      let along = (fit.eastArcsec * cos(angle) + fit.northArcsec * sin(angle)) / 6.1
      let across = (fit.eastArcsec * sin(angle) - fit.northArcsec * cos(angle)) / 6.1
      #expect(abs(along - low) < 1e-11 && abs(across) < 1e-12, "x \(distance), f \(flux): \(along), \(low)")
    }
  }

  @Test func theCentreOfLightIsTheWeightedMean() {
    let fit = BlendFit(lightOf: [
      .init(eastArcsec: 3, northArcsec: 0, flux: 0.5), .init(eastArcsec: 0, northArcsec: -4, flux: 0.5),
    ])
    #expect(fit.eastArcsec == 0.75 && fit.northArcsec == -1 && fit.flux == 2)
  }

  @Test func nothingHiddenMovesNothing() {
    #expect(BlendFit(psfOf: [], sigmaPSFArcsec: 1) == BlendFit(lightOf: []))
    let far = BlendFit(psfOf: [.init(eastArcsec: 1e3, northArcsec: 0, flux: 1)], sigmaPSFArcsec: 1)
    #expect(far.eastArcsec == 0 && far.flux == 1)
  }
}
