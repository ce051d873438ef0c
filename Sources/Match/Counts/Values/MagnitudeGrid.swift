/// Equal steps of magnitude. Counts are given at their centres.
public struct MagnitudeGrid: Sendable, Hashable {
  /// The centre of the first step, mag.
  public let first: Double
  /// The width of a step, mag.
  public let step: Double
  /// How many steps.
  public let count: Int

  /// Magnitudes that counts are made for.
  public static let magnitudes = -30.0...60.0
  /// Widths of a step, mag.
  public static let steps = 0.001...10.0
  /// The most steps a grid may have.
  public static let largestCount = 100_000

  /// Steps from one centre on.
  ///
  /// - Throws: `CountsError` if a centre lies outside `magnitudes`, the step outside `steps`, or there are none or too
  ///   many.
  public init(first: Double, step: Double, count: Int) throws {
    self.first = try CountsError.checked(first, "the first magnitude of a grid", unit: "mag", in: Self.magnitudes)
    self.step = try CountsError.checked(step, "the step of a magnitude grid", unit: "mag", in: Self.steps)
    guard count >= 1, count <= Self.largestCount else {
      throw CountsError("a magnitude grid of \(count) steps; allowed: 1 to \(Self.largestCount)")
    }
    self.count = count
    _ = try CountsError.checked(
      first + Double(count - 1) * step, "the last magnitude of a grid", unit: "mag", in: Self.magnitudes)
  }

  /// The magnitudes of which counts are made to find hidden neighbours: 4 to 30 mag in steps of 0.1.
  public static let ofCounts: MagnitudeGrid = {
    do { return try MagnitudeGrid(first: 4, step: 0.1, count: 261) } catch {
      preconditionFailure("the grid of counts is none: \(error)")
    }
  }()

  /// The centre of step i, mag.
  @inlinable
  public subscript(i: Int) -> Double { first + Double(i) * step }

  /// The step that holds a magnitude; nil outside the grid and for NaN.
  public func index(of magnitude: Double) -> Int? {
    let place = ((magnitude - first) / step).rounded()
    return place >= 0 && place < Double(count) ? Int(place) : nil
  }
}
