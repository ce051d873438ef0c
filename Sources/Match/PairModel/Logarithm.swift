internal import Glibc

/// ln x of four numbers.
@inline(__always)
func logarithm(_ x: SIMD4<Double>) -> SIMD4<Double> { SIMD4(log(x[0]), log(x[1]), log(x[2]), log(x[3])) }
