using System.Text.Json.Nodes;

namespace Dayu.Templates;

/// <summary>
/// A model's chat template: it turns a conversation into the text the model was trained on. Templates are written in
/// Jinja (https://jinja.palletsprojects.com/en/stable/templates/) for the environment Transformers gives them
/// (https://huggingface.co/docs/transformers/chat_templating): blocks trimmed, loop controls, values immutable, and
/// <c>tojson</c>, <c>raise_exception</c>, <c>strftime_now</c>, <c>generation</c> blocks. Instances do not change: any
/// number of threads may render at once.
/// </summary>
public sealed class ChatTemplate
{
    /// <summary>
    /// Variables that name special tokens: they come with the model, and stand for the tokens they name.
    /// </summary>
    static readonly HashSet<string> tokenNames =
        ["bos_token", "eos_token", "unk_token", "pad_token", "sep_token", "cls_token", "mask_token", "additional_special_tokens"];

    readonly string name;
    readonly IReadOnlyList<Statement> body;
    readonly IReadOnlyList<Block> blocks;

    ChatTemplate(string name, string source)
    {
        this.name = name;
        (body, blocks) = Parser.Parse(name, source);
    }

    /// <summary>
    /// Reads a template. Only what is not Jinja is refused here; a filter, test, function or method that nothing knows
    /// is an error once it is reached.
    /// </summary>
    /// <param name="source">The template's text.</param>
    /// <param name="name">What error messages call it; a file's name, for example.</param>
    /// <exception cref="TemplateException">
    /// The template is not understood; says what, at which line and column.
    /// </exception>
    public static ChatTemplate Parse(string source, string name = "chat template")
    {
        ArgumentNullException.ThrowIfNull(source);
        try
        {
            return new(name, source);
        }
        catch (TemplateException e) when (GoTemplate.Looks(source))
        {
            throw new TemplateException($"{e.Message}. {GoTemplate.Explanation}", new(e.Line, e.Column));
        }
    }

    /// <summary>Renders a conversation.</summary>
    /// <param name="prompt">The messages and what goes with them.</param>
    /// <param name="clock">
    /// What time <c>strftime_now</c> tells; <c>random</c> and <c>lipsum</c> follow from it too.
    /// </param>
    /// <param name="limits">What the template may use; null for the defaults.</param>
    /// <returns>The text to tokenize, the names of special tokens in it, and who wrote what.</returns>
    /// <exception cref="TemplateException">
    /// The template refused the conversation, failed, or exceeded a limit.
    /// </exception>
    public RenderedPrompt Render(ChatPrompt prompt, TimeProvider clock, RenderLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return Render(prompt.ToVariables(), clock, limits);
    }

    /// <summary>
    /// Renders with exactly these variables: <c>messages</c> and whatever else the template reads. One that is not
    /// there is undefined; JSON's null is None. All text in them counts as the user's but that of variables that name
    /// special tokens (<c>bos_token</c>).
    /// </summary>
    /// <param name="variables">Names and values.</param>
    /// <param name="clock">
    /// What time <c>strftime_now</c> tells; <c>random</c> and <c>lipsum</c> follow from it too.
    /// </param>
    /// <param name="limits">What the template may use; null for the defaults.</param>
    /// <returns>The text to tokenize, and who wrote what.</returns>
    /// <exception cref="TemplateException">
    /// The template refused, failed, or exceeded a limit, or a variable is not usable JSON.
    /// </exception>
    public RenderedPrompt Render(JsonObject variables, TimeProvider clock, RenderLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(variables);
        var read = (DictValue)new JsonReader(Author.User).Read(variables, "the template's variables");
        return Render(read.Entries.Select(e => Variable(((TextValue)e.Key).Text, e.Value)), clock, limits);

        static KeyValuePair<string, Value> Variable(string name, Value value) =>
            new(name, tokenNames.Contains(name) ? ByTemplate(value) : value);
    }

    /// <summary>A string, or each of a list, as the template's own.</summary>
    static Value ByTemplate(Value value) => value switch
    {
        TextValue text => TextValue.ByTemplate(text.Text),
        SequenceValue list => new SequenceValue([.. list.List.Select(ByTemplate)]),
        _ => value,
    };

    RenderedPrompt Render(IEnumerable<KeyValuePair<string, Value>> variables, TimeProvider clock, RenderLimits? limits)
    {
        ArgumentNullException.ThrowIfNull(clock);
        limits ??= new();
        var functions = new Scope(null);
        foreach (var (function, builtin) in Functions.Table)
            functions.Set(function, builtin.Bind(NoneValue.None));
        var inputs = new Scope(functions);
        foreach (var (variable, value) in variables)
            inputs.Set(variable, value);
        if (blocks.Count > 0)
            functions.Set("self", Block.Self(blocks));
        var run = new Run(name, clock, limits) { Top = new(inputs) };
        return new(run.Capture(() => Statement.All(body, run, run.Top), limits.Output));
    }

    /// <summary>
    /// The text with which the template ends an assistant's turn (<c>&lt;|im_end|&gt;</c>, for one): generation may
    /// stop there. Found by rendering a conversation whose answer is known, and looking at what follows it.
    /// </summary>
    /// <param name="clock">What time <c>strftime_now</c> tells.</param>
    /// <param name="bosToken">The begin-of-text token's name, or null.</param>
    /// <param name="eosToken">The end-of-text token's name, or null.</param>
    /// <returns>
    /// What follows the answer, up to white space; null when nothing does, or when the template refuses such a
    /// conversation.
    /// </returns>
    public string? EndOfTurn(TimeProvider clock, string? bosToken = null, string? eosToken = null)
    {
        const string answer = "Qv7answerZk3";
        ChatMessage[] messages = [new("user", "Hello"), new("assistant", answer)];
        var prompt = new ChatPrompt(messages) { AddGenerationPrompt = false, BosToken = bosToken, EosToken = eosToken };
        try
        {
            string text = Render(prompt, clock).Text;
            int at = text.LastIndexOf(answer, StringComparison.Ordinal);
            string after = at < 0 ? "" : text[(at + answer.Length)..].TrimStart();
            int end = after.AsSpan().IndexOfAny(" \t\r\n");
            return after.Length == 0 ? null : end < 0 ? after : after[..end];
        }
        catch (TemplateException)
        {
            return null;
        }
    }
}
