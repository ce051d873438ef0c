extension PerturbationGrid {
  private static let mostModels = 1 << 16
  private static let mostSamples = 1 << 12

  /// The grid as bytes: some 4 kB a model. Reading them back gives the same numbers to the last bit.
  public var payload: [UInt8] {
    var writer = IntegerWriter()
    writer.put(pointSpread.fwhmArcsec)
    for axis in [logDensities, magnitudes] { writer.put(doubles: axis) }
    for list in [errors, conditionalErrors] { writer.put(doubles: [list.density, list.cumulative]) }
    for (model, mixtures) in zip(models, mixtures) {
      writer.put(doubles: [model.contaminated10, model.contaminated1, model.meanFlux])
      for law in [model.law, model.lawWithout10, model.lawWithout1] {
        writer.put(doubles: [law.reachArcsec, law.deltaWeight, law.logStart, law.step])
        writer.put(doubles: law.samples)
      }
      for mixture in [mixtures.law, mixtures.without10, mixtures.without1] {
        writer.put(doubles: (0..<MixtureBasis.count).map { mixture.weights[$0] })
      }
    }
    return writer.bytes
  }

  /// A grid of that form.
  /// - Throws: `Malformed` for bytes that are not a grid's.
  public convenience init(payload: [UInt8]) throws(IntegerReader.Malformed) {
    var reader = IntegerReader(payload[...])
    guard let pointSpread = try? PointSpread(fwhmArcsec: try reader.double()) else { throw IntegerReader.Malformed() }
    let (densities, magnitudes) = (
      try reader.doubles(limit: Self.mostModels), try reader.doubles(limit: Self.mostModels)
    )
    let (first, second) = (try Self.errors(&reader), try Self.errors(&reader))
    guard Self.ascends(densities), Self.ascends(magnitudes), densities.count * magnitudes.count <= Self.mostModels
    else {
      throw IntegerReader.Malformed()
    }
    var (models, mixtures) = ([PerturbationModel](), [Mixtures]())
    for _ in 0..<densities.count * magnitudes.count {
      models.append(try Self.model(&reader))
      mixtures.append(
        Mixtures(
          law: try Self.mixture(&reader), without10: try Self.mixture(&reader), without1: try Self.mixture(&reader)))
    }
    guard reader.isAtEnd else { throw IntegerReader.Malformed() }
    self.init(
      pointSpread: pointSpread, logDensities: densities, magnitudes: magnitudes, models: models, mixtures: mixtures,
      errors: first, conditionalErrors: second)
  }

  private static func errors(_ reader: inout IntegerReader) throws(IntegerReader.Malformed) -> MixtureFit.Errors {
    let values = try reader.doubles(limit: 2)
    guard values.count == 2, values.allSatisfy({ $0 >= 0 }) else { throw IntegerReader.Malformed() }
    return MixtureFit.Errors(density: values[0], cumulative: values[1])
  }

  private static func model(_ reader: inout IntegerReader) throws(IntegerReader.Malformed) -> PerturbationModel {
    let values = try reader.doubles(limit: 3)
    let (law, without10, without1) = (try law(&reader), try law(&reader), try law(&reader))
    guard values.count == 3, values.allSatisfy({ $0 >= 0 && $0.isFinite }), values[0] <= 1, values[1] <= 1 else {
      throw IntegerReader.Malformed()
    }
    return PerturbationModel(
      law: law, lawWithout10: without10, lawWithout1: without1, contaminated10: values[0], contaminated1: values[1],
      meanFlux: values[2])
  }

  private static func law(_ reader: inout IntegerReader) throws(IntegerReader.Malformed) -> PerturbationLaw {
    let (values, samples) = (try reader.doubles(limit: 4), try reader.doubles(limit: Self.mostSamples))
    guard values.count == 4, (0...1e8).contains(values[0]), (0...1).contains(values[1]), values[2].isFinite,
      values[3] > 0, values[3].isFinite, samples.allSatisfy({ abs($0) <= 1.001 })
    else { throw IntegerReader.Malformed() }
    return PerturbationLaw(
      reachArcsec: values[0], deltaWeight: values[1], logStart: values[2], step: values[3], samples: samples)
  }

  private static func mixture(_ reader: inout IntegerReader) throws(IntegerReader.Malformed) -> PerturbationMixture {
    let values = try reader.doubles(limit: MixtureBasis.count)
    guard values.count == MixtureBasis.count, values.allSatisfy({ (0...1.001).contains($0) }) else {
      throw IntegerReader.Malformed()
    }
    var weights = MixtureValues()
    for (place, value) in values.enumerated() { weights[place] = value }
    return PerturbationMixture(weights: weights)
  }
}
