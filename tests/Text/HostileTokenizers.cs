using Dayu.Text;

namespace Dayu.Tests;

/// <summary>
/// Damaged and malicious tokenizer files end in a <see cref="TokenizerException"/>, or in a tokenizer that works.
/// </summary>
static class HostileTokenizers
{
    const string Text = "hello <tool> wörld\n 123 </s>";

    /// <summary>Loads a tokenizer and uses it; a <see cref="TokenizerException"/> will do as well.</summary>
    public static void LoadOrSay(Func<Tokenizer> load)
    {
        try
        {
            var tokenizer = load();
            _ = tokenizer.Decode(tokenizer.Encode(Text));
        }
        catch (TokenizerException e) { Assert.NotEmpty(e.Message); }
    }

    /// <summary>An error that says enough to act upon.</summary>
    public static void IsRefused(Func<Tokenizer> load)
    {
        var error = Assert.Throws<TokenizerException>(load);
        Assert.True(error.Message.Length > 40, error.Message);
    }

    /// <summary>
    /// A file with a few bytes replaced, one in <paramref name="wild"/> by any byte, the others by bytes of the file.
    /// </summary>
    public static byte[] Damaged(byte[] file, Random random, int most, int wild)
    {
        var damaged = file.ToArray();
        for (int n = random.Next(1, most + 1); n > 0; n--)
        {
            int at = random.Next(damaged.Length);
            damaged[at] = random.Next(wild) == 0 ? (byte)random.Next(256) : file[random.Next(file.Length)];
        }
        return damaged;
    }

    public static string RepoFile(string folder, string name) => Path.Combine(Fixtures.Repo, "tests", "fixtures", folder, name);
}
