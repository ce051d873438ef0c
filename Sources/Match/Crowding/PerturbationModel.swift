/// What hidden neighbours do to a source of one magnitude in a field of one density.
public struct PerturbationModel: Sendable, Equatable {
  /// The law of its pull, A.
  public let law: PerturbationLaw
  /// The law if no neighbour has more than 10 % of its flux.
  public let lawWithout10: PerturbationLaw
  /// The law if no neighbour has more than 1 % of its flux.
  public let lawWithout1: PerturbationLaw
  /// The probability of at least one neighbour with more than 10 % of its flux: 1 − e^(−Λ₁₀).
  public let contaminated10: Double
  /// The probability of at least one neighbour with more than 1 % of its flux: 1 − e^(−Λ₁).
  public let contaminated1: Double
  /// The mean flux of neighbours in the measured flux, relative to its own.
  public let meanFlux: Double
  /// The probability of no neighbour at all, e^(−Λ): the weight of no pull.
  public var deltaWeight: Double { law.deltaWeight }

  /// A source without neighbours.
  public static let none = PerturbationModel(
    law: .none, lawWithout10: .none, lawWithout1: .none, contaminated10: 0, contaminated1: 0, meanFlux: 0)

  init(
    law: PerturbationLaw, lawWithout10: PerturbationLaw, lawWithout1: PerturbationLaw, contaminated10: Double,
    contaminated1: Double, meanFlux: Double
  ) {
    self.law = law
    self.lawWithout10 = lawWithout10
    self.lawWithout1 = lawWithout1
    self.contaminated10 = contaminated10
    self.contaminated1 = contaminated1
    self.meanFlux = meanFlux
  }

  /// The model of a source that follows one of several with given probabilities, which add up to 1.
  public static func mixed(_ parts: [(weight: Double, model: PerturbationModel)]) -> PerturbationModel {
    let clean10 = parts.reduce(0) { $0 + $1.weight * (1 - $1.model.contaminated10) }
    let clean1 = parts.reduce(0) { $0 + $1.weight * (1 - $1.model.contaminated1) }
    // Of sources without a bright neighbour, a share w (1 − contaminated)/clean follows this model.
    func share(_ weight: Double, _ clean: Double, _ total: Double) -> Double {
      total > 0 ? weight * clean / total : weight
    }
    return PerturbationModel(
      law: .mixed(parts.map { ($0.weight, $0.model.law) }),
      lawWithout10: .mixed(
        parts.map { (share($0.weight, 1 - $0.model.contaminated10, clean10), $0.model.lawWithout10) }),
      lawWithout1: .mixed(parts.map { (share($0.weight, 1 - $0.model.contaminated1, clean1), $0.model.lawWithout1) }),
      contaminated10: parts.reduce(0) { $0 + $1.weight * $1.model.contaminated10 },
      contaminated1: parts.reduce(0) { $0 + $1.weight * $1.model.contaminated1 },
      meanFlux: parts.reduce(0) { $0 + $1.weight * $1.model.meanFlux })
  }
}
