extension MotionGrid {
  /// The grid as bytes: some 0.8 kB a magnitude. Reading them back gives the same numbers to the last bit.
  public var payload: [UInt8] {
    var writer = IntegerWriter()
    writer.put(doubles: magnitudes)
    writer.put(doubles: errors.flatMap { [$0.density, $0.cumulative] })
    for (mixture, widths) in zip(mixtures, widths) {
      writer.put(
        doubles: [mixture.stillShare]
          + mixture.gaussians.flatMap { [$0.weight, $0.meanX, $0.meanY, $0.xx, $0.yy, $0.xy] })
      writer.put(doubles: (0...widths.last).map { widths[$0] })
    }
    return writer.bytes
  }

  /// A grid of that form.
  /// - Throws: `Malformed` for bytes that are not a grid's.
  public init(payload: [UInt8]) throws(IntegerReader.Malformed) {
    var reader = IntegerReader(payload[...])
    let magnitudes = try reader.doubles(limit: Self.mostMagnitudes)
    let errors = try reader.doubles(limit: 2 * Self.mostMagnitudes)
    guard !magnitudes.isEmpty, magnitudes.allSatisfy(\.isFinite),
      zip(magnitudes, magnitudes.dropFirst()).allSatisfy({ $0 < $1 }), errors.count == 2 * magnitudes.count,
      errors.allSatisfy({ $0 >= 0 && $0.isFinite })
    else { throw IntegerReader.Malformed() }
    var (mixtures, widths) = ([MotionMixture](), [MotionWidths]())
    for _ in magnitudes {
      mixtures.append(try Self.mixture(&reader))
      widths.append(try Self.widths(&reader))
    }
    guard reader.isAtEnd else { throw IntegerReader.Malformed() }
    self.init(
      magnitudes: magnitudes, mixtures: mixtures, widths: widths,
      errors: magnitudes.indices.map { MotionErrors(density: errors[2 * $0], cumulative: errors[2 * $0 + 1]) })
  }

  private static func mixture(_ reader: inout IntegerReader) throws(IntegerReader.Malformed) -> MotionMixture {
    let values = try reader.doubles(limit: 1 + 6 * mostGaussians)
    guard values.count % 6 == 1 else { throw IntegerReader.Malformed() }
    let gaussians = stride(from: 1, to: values.count, by: 6).map {
      MotionGaussian(
        weight: values[$0], meanX: values[$0 + 1], meanY: values[$0 + 2], xx: values[$0 + 3], yy: values[$0 + 4],
        xy: values[$0 + 5])
    }
    let total = gaussians.reduce(values[0]) { $0 + $1.weight }
    guard values[0] >= 0, gaussians.allSatisfy(\.isPossible), abs(total - 1) < 1e-9 else {
      throw IntegerReader.Malformed()
    }
    return MotionMixture(checked: gaussians, still: values[0])
  }

  private static func widths(_ reader: inout IntegerReader) throws(IntegerReader.Malformed) -> MotionWidths {
    let values = try reader.doubles(limit: MotionWidths.count)
    let total = values.reduce(0, +)
    guard values.allSatisfy({ $0 >= 0 }), abs(total - 1) < 1e-6 else { throw IntegerReader.Malformed() }
    return MotionWidths(weights: values)
  }
}
