/// By how much hidden neighbours and unknown motions widen the offsets of pairs, component by component.
struct PullProfiles: Sendable, Equatable {
  /// One where nothing drifts, else one for each of `WidthComponent.all`.
  private let profiles: [PullProfile]

  /// Neither pulls nor drifts.
  static let none = PullProfiles(.none)

  /// Nothing drifts.
  init(_ profile: PullProfile) { profiles = [profile] }

  /// - Parameters:
  ///   - driftA, driftB: How the sources of both sides drift, on a `DriftGrid`; empty where they do not.
  ///   - squaredYears: τ² on the average.
  init(_ pulls: PullProfile, drifts driftA: [Double], _ driftB: [Double], squaredYears: Double) {
    var scaled: [Double: PullProfile] = [:]
    profiles = WidthComponent.all.map { component in
      let scale = component.motionScale
      let profile = scaled[scale] ?? pulls.drifting(driftA, scale: scale).drifting(driftB, scale: scale)
      scaled[scale] = profile
      return profile.widened(byArcsec2: component.speedVarianceArcsec2(squaredYears: squaredYears))
    }
  }

  /// The profile of a component, by its place among all.
  func profile(ofComponent place: Int) -> PullProfile { profiles[profiles.count > 1 ? place : 0] }
}
