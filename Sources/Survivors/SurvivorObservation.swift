/// What is observed of a region or of one magnitude slice of it: densities in deg⁻², areas in deg².
struct SurvivorObservation {
  var areaDegrees2: Double
  var fractions: SurvivorFractions
  /// Detected sources, then survivors of the bright and of the field circle.
  var densityA: [Double]
  var densityB: [Double]
  /// Ten percentiles of the areas of the bright and of the field circle.
  var circlesA: [[Double]]
  var circlesB: [[Double]]

  var hasSources: Bool { areaDegrees2 > 0 && densityA[0] > 0 && densityB[0] > 0 }
}
