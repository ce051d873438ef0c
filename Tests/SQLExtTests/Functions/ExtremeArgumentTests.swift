import Testing
import XMDBTestSupport

@testable import SQLExt

/// Whatever a function is given, it answers with a finite number, a text, NULL or an error, and the host lives on.
@Suite struct ExtremeArgumentTests {
  private static let extremes = [
    "0", "1", "-1", "0.5", "1e308", "-1e308", "5e307", "1.7976931348623157e308", "5e-324", "-0.0", "1e999", "-1e999",
    "1e999 - 1e999", "9223372036854775807", "-9223372036854775808", "1e16", "1e6", "-1e6", "90", "360", "1e-12",
    "648000",
    "29", "''", "'x'", "'1e308'", "'nan'", "x''", "x'ff'", "NULL", "printf('%.5000c', 'y')",
  ]

  @Test func everyFunctionAnswersEveryExtreme() throws {
    let host = try SQLHost()
    forEverySeed { rng in
      // Those two change what the connection reads.
      for function in SQLInventory.functions
      where !function.parameters.isEmpty && !["xm_open", "xm_pin"].contains(function.name) {
        for _ in 0..<400 {
          let arguments = function.parameters.map { _ in Self.extremes[rng.below(Self.extremes.count)] }
          let call = "\(function.name)(\(arguments.joined(separator: ", ")))"
          guard let answer = try? host.value("SELECT \(call)") else {
            #expect(host.message("SELECT \(call)").hasPrefix(function.name + ": argument "), "\(call)")
            continue
          }
          #expect(!["inf", "-inf", "nan", "-nan"].contains(answer), "\(call) is \(answer)")
        }
      }
    }
  }

  /// Beyond its range a ratio is refused, and inside it the sums of any island are numbers.
  @Test func pairingAnswersInJSONOrRefuses() throws {
    let host = try SQLHost()
    for ratio in ["1e308", "5e307", "-1e308", "1e999", "-1e999", "1000001", "'abc'", "x'00'"] {
      #expect(
        host.message("SELECT xm_pairing(1, 2, \(ratio))").hasPrefix("xm_pairing: argument 3 (log10_ratio) is "),
        "\(ratio)")
    }
    #expect(try host.value("SELECT xm_pairing(1, 2, NULL)") == "NULL")
    #expect(try host.value("SELECT xm_pairing(1, 2, 1e6)") == #"[{"a":1,"b":2,"pair_p":1.0,"matched":1}]"#)
    #expect(try host.value("SELECT xm_pairing(1, 2, -1e6)") == #"[{"a":1,"b":2,"pair_p":0.0,"matched":0}]"#)
    let ratios = ["1e6", "-1e6", "0", "999999.9", "300", "-300", "1e-300", "5e-324", "12.5"]
    try forEverySeed { rng in
      for _ in 0..<60 {
        let (rows, columns) = (1 + rng.below(5), 1 + rng.below(5))
        var pairs: [String] = []
        for a in 0..<rows {
          for b in 0..<columns where rng.below(3) > 0 {
            pairs.append("(\(a), 'b\(b)', \(ratios[rng.below(ratios.count)]))")
          }
        }
        if pairs.isEmpty { continue }
        let sql = """
          WITH p(a, b, r) AS (VALUES \(pairs.joined(separator: ", "))), j(t) AS (SELECT xm_pairing(a, b, r) FROM p)
          SELECT count(*) = \(pairs.count) AND sum(value ->> 'pair_p' BETWEEN 0 AND 1) = \(pairs.count)
          FROM j, json_each(j.t)
          """
        let answer = try host.value(sql)
        #expect(answer == "1", "seed \(rng.seed): \(pairs)")
      }
    }
  }
}
