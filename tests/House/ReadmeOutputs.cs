using System.Text.RegularExpressions;

namespace Dayu.Tests;

/// <summary>
/// What README's commands print: patterns that hold for any model, and others that hold for the shared ones.
/// </summary>
static class ReadmeOutputs
{
    sealed record Row(string Command, string Any, string? Shared = null);

    const string Words = @"(\p{L}+\W+){2}";

    /// <summary>A command by how it begins; of several that fit, the longest counts.</summary>
    static readonly Row[] rows =
    [
        new("run $MODEL \"Why is", @"(\p{L}+\W+){5}"),
        new("run $MODEL \"Why?", Words),
        new("run $MODEL \"A name", @"^── 1/3  A name for a cat:\n(?s).*\n── 3/3  "),
        new("run $MODEL --prompts", @"^{""v"":1,""answers"":\[{""index"":0,""prompt"":""the cat sat .*""index"":1,"),
        new("chat $MODEL", Words),
        new("pull", @"^NAME +SIZE +MEMORY +FITS +LICENSE +LANGUAGES +USE\nqwen2\.5-0\.5b +491 MB +641 MB +(yes|no) +Apache-2\.0 "),
        new("pull qwen2.5-0.5b", @"^qwen2\.5-0\.5b +.*models"),
        new("pull Qwen", @"^qwen +.*models"),
        new("import $MODEL --as mine", @"^mine +[\d.]+ [kMG]B, copied to .*mine"),
        new("ls", @"^NAME +PARAMS +CTX +TYPE +SIZE +VAL +CREATED\nmine +1\.3 M +256 +q4_0 +763 kB "),
        new("show $MODEL", @"(?s)^path .*\nfamily +\w+\n.*\nparameters +[\d.]+ [KMB] \([\d,]+\)\n.*\nlayers +\d+\n.*\ntokenizer +\S",
            @"(?s)\nfamily +llama\n.*\nparameters +135 M \(134,515,008\)\n.*\nlayers +30\n.*\nchat template +yes\n"),
        new("show shape:gpt3-175b", @"(?s)\nparameters +175 B \(174,604,259,328\)\n.* 3\.14e23 .*\nq4_0 +98 GB\n"),
        new("cp mine yours", @"^yours +.*models.yours"),
        new("rm mine --yes", @"^REMOVED +SIZE\nmine +763 kB\n"),
        new("serve $MODEL", @"^Dayu listens at http://127\.0\.0\.1:\d+ "),
        new("ps", @"(?s)^SERVER +MODEL +CONTEXT .*\nhttp://127\.0\.0\.1:\d+"),
        new("stop", @"^http://127\.0\.0\.1:\d+ has ended\n"),
        new("tokenizer encode", @"^\d+( \d+)+\n$", @"^15064 101 252 2520 260 5129 30\n$"),
        new("tokenizer decode", @"\S", "^The capital of France is$"),
        new("tokenizer compare", @"(?s)^TOKENIZER +VOCABULARY +TOKENS .* LATIN +HAN +ROUND TRIP .*\n\n.*│",
            @"(?s) 49,152 +7 .* 30,522 +3 .*Hello│·大\(3\)│禹\(3\)\n"),
        new("tokenizer train",
            @"(?s)^file +.*new\.tokenizer\.json\nvocabulary +600 tokens: 313 merges, 31 control tokens\n.*\n  Latin +\d\.\d{3}\n"),
        new("new my-model", @"^my-model +.*my-model\n"),
        new("data prepare", @"(?s)^step .*\nextract +1 +1 +0 .*\n\nsource .*\nREADME +1 +1 +\d +[\d.]+ kB +en 1\n"),
        new("data stats", @"(?s)^source +README\ndocuments +1\n.*\nlanguages +en 1\n"),
        new("data peek", @"(?s)^extract +README\.md, .*\nlanguage +en .*gopher\.words .*\ntokens +\d"),
        new("embed $ENCODER", @"^{""v"":1,""embeddings"":\[{""text"":""A cat sleeps."",""tokens"":\d+,.*""embedding"":\[-?\d",
            @"""tokens"":6,""truncated"":false,""cut"":0,""embedding"":\[0\.0936"),
        new("train --data README.md --size tiny -b 2",
            @"^schedule\.rate +runs +mean best held-out .*\n[12]e-3 +2 +\d\.\d{4} +0\.\d{4} +try-lr"),
        new("runs compare", @"(?s)^run +.*\nschedule\.rate +0\.001 +0\.002\n"),
        new("runs tail first", @"(?s)step=20 loss=.*\nstep=20 validation_loss="),
        new("runs export first", @"(?s)^run +file +events\nfirst +.*first.events\.out\.tfevents\."),
        new("runs rm", @"^removed +freed\ntry-lr1e-3-seed2 +[\d.]+ [MG]B\n"),
        new("train --data README.md --size tiny -b 4 --steps 200",
            @"(?s)^model +llama, .*\nsteps +200\ntokens +\d.*\ntime +\d.*ms per step.*\nmemory +\d.*\ndisk +\d"),
        new("train --fork", @"(?s)^run +cooled\nsteps +24\nheld-out loss +\d\.\d{4}\n"),
        new("train --data", @"(?s)^run +first\nsteps +20\nheld-out loss +\d\.\d{4}\nepochs +README \d\.\d\d\ncheckpoint +.*first"),
        new("finetune first@20", @"(?s)^run +tuned\nsteps +2\nheld-out loss +\d+\.\d{4}\n"),
        new("runs ls", @"(?s)first +20 +\d\.\d{4} +\d\.\d{4} +20"),
        new("runs show first", @"(?s)^run +first\n.*steps +20 of 20\n"),
        new("show first", @"(?s)^path .*first.*\nfamily +llama\n"),
        new("bench train", @"(?s)^MODEL .*\nllama +[\d,]+ +float32 +[\d,]+ "),
        new("bench train --size gpt2", @"(?s)^MODEL .*\ngpt2 +11,\d{3},\d{3} +float32 "),
        new("export first@20", @"(?s)^path .*first-hf\nkind +Hugging Face folder\n.*\nsize +bf16, .*\nfiles .*model\.safetensors"),
        new("export $MODEL", @"(?s)^path .*model\.gguf\nkind +GGUF file\n.*\nsize +f16, "),
        new("data sample first@20", @"(?s)^path .*texts\.jsonl\ntexts +4 \(4 of them now\)\ndropped +0\ntokens +\d"),
        new("quantize $MODEL", @"^smaller\.gguf +.* → .*, \d+\.\d\d → \d\.\d\d bits a weight\n"),
        new("eval perplexity $MODEL", @"(?s)^tokens +256\n.*\nperplexity +\d+\.\d{4}\nbits a byte +\d\.\d{4}\n",
            @"\nperplexity +1?\d{1,2}\.\d{4}\n"),
        new("eval lambada $MODEL", @"^passages +2\naccuracy +(0|50|100)\.00 % \(\d\)\n", @"\naccuracy +(50|100)\.00 % "),
        new("eval kl $MODEL", @"(?s)^tokens +256\nmean KL, nats +0\.0\d{4}\n.*\nsame likeliest token +([89]\d|100)\.\d\d %\n"),
        new("bench $MODEL", @"(?s)^MODEL .*\n.* pp128 +\d+\.\d +.* tg32 +\d+\.\d "),
        new("bench kernels", @"(?s)^KERNEL .*\nprefill +q8_0 +512x4096x4096 .*\ndecode +q8_0 +1x4096x4096 "),
        new("explain tokens $MODEL", @"(?s)# +ID +TOKEN +BYTES +PART OF\n +0 +\d+ +‘", @"(?s)‘ good’ +20676F6F64\n.*大 1/3\n.*禹 3/3\n"),
        new("explain probs $MODEL", @"^RANK +TOKEN +ID +P\n +1 +‘.*█ +\d+\.\d %\n", @"\n +1 +‘ Paris’ "),
        new("explain attention $ENCODER",
            @"^layer \d+ head \d+, .*\nit → animal 0\.\d\d   other words → animal 0\.\d\d   .*   score 0\.\d\d\n",
            @"^layer 3 head 1, .*\nit → animal 0\.64   other words → animal 0\.09   .* in the other sentence it → animal 0\.27 "),
        new("explain embeddings $MODEL", @"^TOKEN +ID +COSINE\n‘.*’ +\d+ +█+.* +0\.\d{3}\n", "‘ queen’ "),
        new("explain scale $MODEL", @"(?s)gpt1 +116,534,784 .*\ngpt3-175b +█{48}\n"),
        new("config set context 4096", @"^context +4096 "),
        new("config list", @"(?s)^KEY +VALUE +ORIGIN\nmodel .*\nprecision +fast +default\n"),
        new("completion bash", @"(?s)^# Completion .*\ncomplete -F _dayu dayu "),
        new("doctor", @"(?s)\ncomputes with +\w+ \(of .*"
            + @"\nfamilies +bert, gpt2, gpt3, gru, llama, lstm, modded-gpt, openai-gpt, qwen2, qwen3, rnn\n"),
    ];

    /// <summary>Commands that have a row.</summary>
    public static IEnumerable<string> Commands => rows.Select(r => r.Command);

    /// <summary>Holds what a command printed to what it should print.</summary>
    /// <param name="command">As README has it.</param>
    /// <param name="output">Its standard output.</param>
    /// <param name="isShared">Whether the models are the shared ones.</param>
    public static void Check(string command, string output, bool isShared)
    {
        var line = command["./dayu ".Length..];
        var row = rows.Where(r => line.StartsWith(r.Command, StringComparison.Ordinal)).MaxBy(r => r.Command.Length);
        Assert.True(row is not null, $"{command}: {nameof(ReadmeOutputs)} does not say what it prints");
        output = output.ReplaceLineEndings("\n");
        Assert.DoesNotContain("\uFFFD", output, StringComparison.Ordinal);
        Assert.Matches(new Regex(row.Any), output);
        if (isShared && row.Shared is { } shared) Assert.Matches(new Regex(shared), output);
    }
}
