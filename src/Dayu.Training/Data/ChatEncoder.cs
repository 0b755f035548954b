using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Dayu.Hub;
using Dayu.Templates;
using Dayu.Text;

namespace Dayu.Training;

/// <summary>
/// Conversations as a chat template writes them. What the assistant says is learnt, and how it ends; what was said to it is only read.
/// What looks like a control token in a message is ordinary text.
/// </summary>
/// <param name="tokenizer">Text to ids.</param>
/// <param name="template">How a conversation is written.</param>
sealed class ChatEncoder(Tokenizer tokenizer, ChatTemplate template)
{
    /// <summary>The role that is learnt.</summary>
    public const string Assistant = "assistant";

    readonly string? bos = NameOf(tokenizer, tokenizer.Special.Bos), eos = NameOf(tokenizer, tokenizer.Special.Eos);
    bool? hasEnd;

    /// <summary>
    /// A conversation as one document; as one for each turn of the assistant where the template writes earlier turns otherwise than the
    /// last (some leave out what was thought): each is then what the model sees when it answers.
    /// </summary>
    /// <exception cref="DocumentException">The template refuses it, or writes no beginning that stays when the answer is there.</exception>
    public IReadOnlyList<Document> Encode(ReadDocument read) => Encode(read, from: 0);

    /// <summary>A conversation of which only what the assistant says at its end is learnt.</summary>
    /// <param name="read">The conversation.</param>
    /// <param name="from">The first message of the answer.</param>
    /// <exception cref="DocumentException">As above, or it cannot be one document.</exception>
    public Document EncodeAnswer(ReadDocument read, int from) => Encode(read, from) is [var one] ? one
        : throw new DocumentException("the template writes earlier turns otherwise than the last, so an answer of several is no one text");

    IReadOnlyList<Document> Encode(ReadDocument read, int from)
    {
        var messages = Messages((JsonArray)read.Line!["messages"]!);
        var tools = read.Line["tools"] as JsonArray;
        int[] turns = [.. Enumerable.Range(0, messages.Length).Where(i => i >= from && messages[i].Role == Assistant)];
        if (turns.Length == 0) throw new DocumentException("the assistant says nothing in it");
        try
        {
            var whole = Render(messages.Length, prompt: false);
            var said = turns.Select(t => Said(whole.Text, t)).ToArray();
            if (said.All(s => s is not null)) return [Learnt(read.Place, whole, said)];
            return [.. turns.Select(t => Render(t + 1, prompt: false) is var own && Said(own.Text, t) is { } answer
                ? Learnt($"{read.Place}, message {t + 1}", own, [answer])
                : throw Unwritten(t))];
        }
        catch (TemplateException e) { throw new DocumentException($"the chat template refuses it: {e.Message}"); }

        DocumentException Unwritten(int turn) => new(Render(turn + 1, prompt: false).Text == Render(turn, prompt: false).Text
            ? $"the template leaves out what the assistant says in message {turn + 1}"
            : $"the template writes what stands before message {turn + 1} otherwise once it is answered");

        RenderedPrompt Render(int count, bool prompt) => template.Render(
            new ChatPrompt(messages[..count]) { Tools = tools, AddGenerationPrompt = prompt, BosToken = bos, EosToken = eos }, Fixed.Clock);

        // from where the prompt for it ends to the end of the turn; null: the text does not go on from that prompt
        (int Start, int End)? Said(string text, int turn)
        {
            var (read, after) = (Render(turn, prompt: false).Text, Render(turn + 1, prompt: false).Text);
            if (!text.StartsWith(read, StringComparison.Ordinal) || !text.StartsWith(after, StringComparison.Ordinal)) return null;
            // some prompts also begin a thought (<think>), which an answer without one does not have
            var start = text.AsSpan().CommonPrefixLength(Render(turn, prompt: true).Text);
            if (start < read.Length || start >= after.Length) return null;
            hasEnd ??= template.EndOfTurn(Fixed.Clock, bos, eos) is not null;
            return (start, Math.Max(start + 1, hasEnd.Value ? after.TrimEnd().Length : after.Length));
        }
    }

    Document Learnt(string place, RenderedPrompt text, (int Start, int End)?[] said)
    {
        var ids = Prompts.Encode(tokenizer, text);
        var learnt = new bool[ids.Count];
        foreach (var (start, end) in said.OfType<(int, int)>()) learnt.AsSpan(TokensOf(start, more: 0)..TokensOf(end, more: 1)).Fill(true);
        return learnt.AsSpan(1).Contains(true) ? new(place, [.. ids], learnt)
            : throw new DocumentException("the assistant says nothing in it");

        // of the text's first characters, and so many more where one goes on behind them: it has the end of what was said in it
        int TokensOf(int characters, int more)
        {
            var own = Prompts.Encode(tokenizer, text, characters);
            var common = CollectionsMarshal.AsSpan(ids).CommonPrefixLength(CollectionsMarshal.AsSpan(own));
            return common == own.Count ? common : Math.Min(ids.Count, common + more);
        }
    }

    static ChatMessage[] Messages(JsonArray messages) => [.. messages.Select(m =>
    {
        var more = (JsonObject)m!.DeepClone();
        more.Remove("role");
        var content = ChatLines.Said(m, "content");
        if (content is not null) more.Remove("content");
        return new ChatMessage(ChatLines.Said(m, "role")!, content ?? "") { More = more.Count > 0 ? more : null };
    })];

    static string? NameOf(Tokenizer tokenizer, int? id) => id is { } known ? tokenizer.TokenText(known) : null;

    /// <summary>Templates that write today's date write the same one whenever a training goes on: its data stay what they were.</summary>
    sealed class Fixed : TimeProvider
    {
        public static readonly TimeProvider Clock = new Fixed();

        public override DateTimeOffset GetUtcNow() => new(2024, 7, 26, 12, 0, 0, TimeSpan.Zero);

        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;
    }
}
