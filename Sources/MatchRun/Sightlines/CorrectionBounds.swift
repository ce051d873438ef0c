internal import Match

/// Between which values m and n lie on the sightlines of a map: what is believed anywhere stays between them.
struct CorrectionBounds: Sendable {
  let factors: ClosedRange<Double>
  let floors: ClosedRange<Double>

  /// Those of some corrections; of none, errors as they are quoted.
  init(_ values: [ErrorCorrection]) {
    let (m, n) = (values.map(\.factor), values.map(\.floorArcsec))
    factors = (m.min() ?? 1)...(m.max() ?? 1)
    floors = (n.min() ?? 0)...(n.max() ?? 0)
  }

  func bounded(_ value: ErrorCorrection) -> ErrorCorrection {
    ErrorCorrection(
      checked: value.relation, factor: min(max(value.factor, factors.lowerBound), factors.upperBound),
      floorArcsec: min(max(value.floorArcsec, floors.lowerBound), floors.upperBound)) ?? .none
  }

  /// What makes errors largest.
  func largest(_ relation: ErrorRelation) -> ErrorCorrection {
    ErrorCorrection(checked: relation, factor: factors.upperBound, floorArcsec: floors.upperBound) ?? .none
  }
}
