namespace Dayu.Tests;

public sealed class HouseTests
{
    [Fact]
    public void TestsRun() => Assert.True(true);
}
