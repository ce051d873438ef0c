import Glibc

/// What becomes of stars that leave the main sequence: the number in each phase is the rate at which they leave times
/// the time that the phase takes (Renzini & Buzzoni 1986).
struct EvolvedTrack: Sendable {
  /// Stars that leave the main sequence, pc⁻³ Gyr⁻¹.
  let rate: Double
  /// Their mass, M☉.
  let mass: Double
  /// [Fe/H].
  let metallicity: Double
  /// M_V when they leave.
  let startMagnitude: Double
  /// M_V of the dwarf that they look like then.
  let startLook: Double
  /// Where they are.
  let component: GalacticComponent

  private var lifetime: Double { StellarEvolution.lifetime(mass: mass, metallicity: metallicity) }

  /// Subgiants, giants, clump and asymptotic branch.
  var types: [StellarType] { subgiants + branch + clump + asymptotic }

  private func giant(_ number: Double, colour: Double, magnitude: Double) -> StellarType {
    StellarType(density: number, look: .giant(colour: colour), shift: magnitude, component: component)
  }

  /// From where they leave the main sequence to the foot of the giant branch, ever faster: half as long over the last
  /// part as over the first.
  private var subgiants: [StellarType] {
    let time = StellarEvolution.subgiantTime(mass: mass, lifetime: lifetime)
    guard time > 0 else { return [] }
    let steps = 12
    let startColour = StellarSpectra.dwarfColour(visualMagnitude: startLook)
    let endColour = StellarEvolution.branchColour(magnitude: StellarEvolution.branchFoot, metallicity: metallicity)
    let endMagnitude = min(startMagnitude, StellarEvolution.branchFoot + endColour)
    return (0..<steps).map { step in
      let share = (Double(step) + 0.5) / Double(steps)
      let colour = startColour + (endColour - startColour) * share
      let visual = startMagnitude + (endMagnitude - startMagnitude) * share
      let pace = (4 - 2 * share) / (3 * Double(steps))
      return giant(rate * time * pace, colour: colour, magnitude: visual - colour)
    }
  }

  private var branch: [StellarType] {
    luminous(
      time: StellarEvolution.giantTime(mass: mass, metallicity: metallicity), from: StellarEvolution.branchFoot,
      to: StellarEvolution.branchTip(metallicity: metallicity))
  }

  private var asymptotic: [StellarType] {
    luminous(time: StellarEvolution.asymptoticTime(mass: mass), from: -2.5, to: -7.5)
  }

  /// A branch along which the number per magnitude falls exponentially.
  private func luminous(time: Double, from faint: Double, to bright: Double) -> [StellarType] {
    guard time > 0 else { return [] }
    let magnitudes = stride(from: faint - 0.05, to: bright, by: -0.1)
    let weights = magnitudes.map { pow(10, StellarEvolution.branchSlope * $0) }
    let total = weights.reduce(0, +)
    return zip(magnitudes, weights).map { magnitude, weight in
      giant(
        rate * time * weight / total,
        colour: StellarEvolution.branchColour(magnitude: magnitude, metallicity: metallicity), magnitude: magnitude)
    }
  }

  /// The red clump; in metal-poor stars the horizontal branch, at M_V = 0.6 from V − Ks 0.1 to 1.7.
  private var clump: [StellarType] {
    let number = rate * StellarEvolution.clumpTime(mass: mass, lifetime: lifetime)
    if metallicity < -1 {
      return stride(from: 0.1, through: 1.7, by: 0.2).map { giant(number / 9, colour: $0, magnitude: 0.6 - $0) }
    }
    let magnitude = StellarEvolution.clumpMagnitude(mass: mass, metallicity: metallicity)
    return [giant(number, colour: 2.35 + 0.2 * metallicity, magnitude: magnitude)]
  }
}
