using System.Text;
using Dayu.Text;

namespace Dayu.Inference;

/// <summary>A tokenizer with a text that it has cut: how many tokens, how fast, and whether the text comes back.</summary>
/// <param name="Tokenizer">The tokenizer.</param>
/// <param name="Text">The text.</param>
/// <param name="Ids">Its tokens.</param>
/// <param name="Time">How long cutting took, at best.</param>
public sealed record TokenizerTrial(Tokenizer Tokenizer, string Text, IReadOnlyList<int> Ids, TimeSpan Time)
{
    const int Rounds = 3;

    /// <summary>Lets a tokenizer cut a text several times.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="text">The text; nothing in it is special.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static TokenizerTrial Of(Tokenizer tokenizer, string text, TimeProvider clock, CancellationToken cancel = default)
    {
        var ids = tokenizer.Encode(text, addSpecial: false, parseSpecial: false);
        var fastest = TimeSpan.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            cancel.ThrowIfCancellationRequested();
            var start = clock.GetTimestamp();
            _ = tokenizer.Encode(text, addSpecial: false, parseSpecial: false);
            if (clock.GetElapsedTime(start) is var time && time < fastest) fastest = time;
        }
        return new(tokenizer, text, ids, fastest);
    }

    /// <summary>Bytes of the text in UTF-8.</summary>
    public int Bytes { get; } = Encoding.UTF8.GetByteCount(Text);

    /// <summary>Characters (code points) of the text.</summary>
    public int Characters { get; } = Text.EnumerateRunes().Count();

    /// <summary>The text that the tokens say.</summary>
    public string Decoded { get; } = Tokenizer.Decode(Ids);

    /// <summary>Whether that is the text.</summary>
    public bool RoundTrips => Decoded == Text;

    /// <summary>Bytes a token.</summary>
    public double BytesPerToken => (double)Bytes / Math.Max(1, Ids.Count);

    /// <summary>Characters a token.</summary>
    public double CharactersPerToken => (double)Characters / Math.Max(1, Ids.Count);

    /// <summary>Characters a token, for each kind of character (<see cref="TextScripts"/>).</summary>
    public SortedDictionary<string, double> ByScript { get; } = TextScripts.CharactersPerToken(Tokenizer, Text);

    /// <summary>How fast it cuts.</summary>
    public double MegabytesPerSecond => Bytes / 1e6 / Math.Max(1e-9, Time.TotalSeconds);
}
