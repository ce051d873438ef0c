import Testing

@testable import MatchRun

@Suite struct RecentValuesTests {
  @Test func noMoreThanTheCapacityIsKeptAndTheLeastUsedGoesFirst() {
    var values = RecentValues<Int, String>(capacity: 3)
    for key in 0..<3 { values[key] = "\(key)" }
    #expect(values[0] == "0")
    values[3] = "3"
    #expect(values.count == 3 && values[1] == nil)
    #expect(values[0] == "0" && values[2] == "2" && values[3] == "3")
    values[2] = "two"
    #expect(values[2] == "two" && values.count == 3)
    for key in 10..<1000 { values[key] = "" }
    #expect(values.count == 3 && values[999] == "" && values[0] == nil)
  }
}
