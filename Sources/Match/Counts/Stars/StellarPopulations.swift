import Glibc

/// All kinds of stars of the Galaxy. The same for every band, direction and run.
enum StellarPopulations {
  /// The kinds.
  static let types: [StellarType] = thinDisc() + old(.thick) + old(.halo) + old(.bulge)

  /// [Fe/H] of a part.
  private static func metallicity(_ component: GalacticComponent) -> Double {
    switch component {
    case .thick: -0.6
    case .halo: -1.5
    default: 0
    }
  }

  /// The age of a part whose stars all formed together, Gyr.
  private static func age(_ component: GalacticComponent) -> Double {
    component == .halo ? 12.5 : component == .thick ? 11 : 10
  }

  private static let magnitudeStep = 0.05
  private static let dwarfMagnitudes = stride(from: -3.8, through: 20.8, by: magnitudeStep)

  /// d log₁₀ m per mag at a dwarf's M_V.
  private static func massGradient(visualMagnitude m: Double) -> Double {
    let ratio = MassFunction.dwarfMass(visualMagnitude: m - 0.02) / MassFunction.dwarfMass(visualMagnitude: m + 0.02)
    return max(0, log10(ratio) / 0.04)
  }

  /// Stars of the thin disc: born at a constant rate over 10 Gyr, those that live shorter are fewer.
  private static func thinDisc() -> [StellarType] {
    var types: [StellarType] = []
    for visual in dwarfMagnitudes {
      let mass = MassFunction.dwarfMass(visualMagnitude: visual)
      guard mass >= 0.08 else { continue }
      let lifetime = StellarEvolution.lifetime(mass: mass, metallicity: 0)
      let component = thinComponent(lifetime: lifetime)
      let born = MassFunction.systemsPerDex(mass: mass) * massGradient(visualMagnitude: visual) * magnitudeStep
      types.append(
        StellarType(
          density: born * min(1, lifetime / StellarEvolution.discAge) * component.localShare,
          look: .dwarf(visualMagnitude: visual), shift: 0, component: component))
      guard lifetime < StellarEvolution.discAge else { continue }
      let track = EvolvedTrack(
        rate: born * component.localShare / StellarEvolution.discAge, mass: mass, metallicity: 0,
        startMagnitude: visual - 1, startLook: visual, component: component)
      types += track.types
    }
    return types
  }

  private static func thinComponent(lifetime: Double) -> GalacticComponent {
    lifetime < 0.7 ? .thinYoung : lifetime < 2 ? .thinIntermediate : lifetime < 6 ? .thinMature : .thinOld
  }

  /// Stars that formed together long ago: at equal colour as numerous as those of the thin disc, up to the turn-off.
  private static func old(_ component: GalacticComponent) -> [StellarType] {
    let metallicity = metallicity(component)
    let shift = StellarEvolution.subdwarfShift(metallicity: metallicity)
    let lighter = StellarEvolution.massShift(metallicity: metallicity)
    var types: [StellarType] = []
    for visual in dwarfMagnitudes {
      let solarMass = MassFunction.dwarfMass(visualMagnitude: visual)
      let mass = solarMass - lighter
      guard mass >= 0.08 else { continue }
      let lived = age(component) / StellarEvolution.lifetime(mass: mass, metallicity: metallicity)
      guard lived < 1 else { continue }
      let number = MassFunction.systemsPerDex(mass: solarMass) * massGradient(visualMagnitude: visual) * magnitudeStep
      types.append(
        StellarType(
          density: number * component.localShare, look: .dwarf(visualMagnitude: visual),
          shift: shift - StellarEvolution.brightening(fraction: lived, metallicity: metallicity), component: component))
    }
    return types + oldTrack(component, metallicity: metallicity, shift: shift, lighter: lighter).types
  }

  /// What leaves the main sequence of an old part: N(m) |dm/dt| at the turn-off, m ∝ t^(−1/3).
  private static func oldTrack(
    _ component: GalacticComponent, metallicity: Double, shift: Double, lighter: Double
  ) -> EvolvedTrack {
    let mass = StellarEvolution.turnOff(ageGyr: age(component), metallicity: metallicity)
    let solarMass = mass + lighter
    let look = dwarfMagnitudes.first { MassFunction.dwarfMass(visualMagnitude: $0) <= solarMass } ?? 4.7
    let rate = MassFunction.systemsPerMass(solarMass) * mass / (3 * age(component)) * component.localShare
    return EvolvedTrack(
      rate: rate, mass: mass, metallicity: metallicity,
      startMagnitude: look + shift - StellarEvolution.brightening(fraction: 1, metallicity: metallicity),
      startLook: look, component: component)
  }
}
