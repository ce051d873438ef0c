internal import Glibc

/// The stars of a direction at given magnitudes, by part of the Galaxy and distance.
struct StarsByDistance: Sendable {
  /// The distances, pc, in equal steps of distance modulus.
  static var distancesPc: [Double] { Sightline.distances }
  /// How many steps of distance there are in a magnitude of distance modulus.
  static let stepsPerMagnitude = Int((1 / LuminosityFunction.step).rounded())

  /// Stars mag⁻¹ deg⁻² in a step of distance: magnitude by magnitude, in each part by part in the order of `GalacticComponent.allCases`, in each
  /// distance by distance.
  let densities: [Double]

  /// The densities of a part at a magnitude, by distance.
  func densities(magnitude: Int, part: Int) -> ArraySlice<Double> {
    let start = (magnitude * GalacticComponent.allCases.count + part) * Sightline.count
    return densities[start..<start + Sightline.count]
  }
}

extension StarCounts {
  /// The terms of `counts(in:extinction:on:)`, before they are summed over parts and distances.
  ///
  /// - Complexity: O(magnitudes · parts · distances · values of A_V), some 0.2 ms a magnitude.
  func starsByDistance(
    in direction: GalacticDirection, extinction: ExtinctionDistribution? = nil, magnitudes: [Double]
  ) throws -> StarsByDistance {
    let dust = try extinction ?? DustDisc.extinction(direction)
    let geometry = SightlineGeometry(direction)
    let profile = DustDisc.extinction(geometry, distancesPc: Sightline.distances)
    let total = profile.last ?? 0
    let faded = dust.values.map { value in
      profile.map { (total > 0 ? $0 / total : 1) * value * band.extinctionRatio / LuminosityFunction.step }
    }
    let volumes = GalacticComponent.allCases.map { Self.volumes($0, geometry) }
    var densities: [Double] = []
    densities.reserveCapacity(magnitudes.count * volumes.count * Sightline.count)
    for magnitude in magnitudes {
      let place = (magnitude - LuminosityFunction.first - Sightline.firstModulus) / LuminosityFunction.step
      for (part, volume) in volumes.enumerated() {
        for k in 0..<Sightline.count {
          var sum = 0.0
          if volume[k] > 0 {
            for (j, weight) in dust.weights.enumerated() {
              sum += weight * functions[part].value(atStep: place - Double(k) - faded[j][k])
            }
          }
          densities.append(sum * volume[k])
        }
      }
    }
    return StarsByDistance(densities: densities)
  }
}
