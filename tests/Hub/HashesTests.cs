using Dayu.Hub;

namespace Dayu.Tests;

/// <summary>Hashes of files while they are written.</summary>
public sealed class HashesTests
{
    /// <summary>As <c>git hash-object</c> and <c>sha256sum</c> say.</summary>
    [Theory]
    [InlineData("", "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("hello world\n", "3b18e512dba79e4c8300dd08aeb37f8e728b8dad",
        "a948904f2f0f479b8f8197694b30184b0d2ed1c1cd2a1ec0fb85d299a192a447")]
    public void AreThoseOfGit(string text, string git, string sha256)
    {
        using var hashes = new Hashes(text.Length);
        foreach (var c in text) hashes.Add([(byte)c]);
        Assert.Equal((git, sha256), (hashes.GitSha1, hashes.Sha256));
    }
}
