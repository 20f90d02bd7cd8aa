"""What codes are called in a sentence, in both languages. What isn't in here is quoted as it is."""

from collections.abc import Mapping

from policies.model import Bilingual

WORDS: Mapping[str, Bilingual] = {
    code: Bilingual(en, zh)
    for code, en, zh in (
        # statuses
        ("awaiting_response", "awaiting the response", "待商家处理"),
        ("under_review", "under review", "平台审核中"),
        ("ruled", "ruled", "已判责"),
        ("final", "final", "已生效"),
        ("closed", "closed", "已结案"),
        ("withdrawn", "withdrawn", "已撤回"),
        # deadlines
        ("response", "response", "商家处理"),
        ("settlement_confirmation", "confirmation of the settlement", "确认和解"),
        ("supplement", "further evidence", "补充举证"),
        ("review", "review", "审核"),
        ("review_claim", "claimed review", "领取"),
        ("appeal_window", "appeal", "申诉"),
        ("appeal_review", "decision of the appeal", "申诉审核"),
        # bases
        ("default", "a default", "逾期默认"),
        ("invalid_evidence", "invalid evidence", "凭证无效"),
        # how an appeal stands
        ("filed", "filed", "审核中"),
        ("granted", "granted", "申诉成功"),
        ("partly_granted", "partly granted", "部分成功"),
        ("denied", "denied", "申诉失败"),
        ("dismissed", "dismissed", "直接驳回"),
        # actions
        ("register_evidence", "submit evidence", "提交凭证"),
        ("withdraw_evidence", "withdraw evidence", "撤回凭证"),
        ("accept", "accept the claim", "同意售后"),
        ("report_settlement", "report a settlement", "上报和解"),
        ("answer_settlement", "answer a settlement", "确认和解"),
        ("contest", "contest the claim", "举证抗辩"),
        ("request_evidence", "ask for more evidence", "要求补充举证"),
        ("supply_evidence", "send further evidence", "补充举证"),
        ("claim_review", "claim the review", "领取审核"),
        ("release_review", "release the review", "释放审核"),
        ("rule", "rule", "判责"),
        ("extend_deadline", "extend a deadline", "延长时效"),
        ("file_appeal", "appeal", "申诉"),
        ("withdraw_appeal", "withdraw the appeal", "撤回申诉"),
        ("decide_appeal", "decide the appeal", "审核申诉"),
        ("ask_set_aside", "ask for setting aside", "申请撤销"),
        ("answer_set_aside", "agree to setting aside", "确认撤销"),
        ("withdraw", "withdraw the dispute", "撤回售后"),
        ("close", "close the dispute", "结案"),
        ("allow_for_outage", "allow for an outage", "因故障顺延"),
        # forms of evidence, sides, what can be set aside
        ("image", "an image", "图片"),
        ("pdf", "a PDF", "PDF"),
        ("statement", "a statement", "文字说明"),
        ("respondent", "respondent", "商家"),
        ("complainant", "complainant", "买家"),
        ("appeal", "a failed appeal", "失败的申诉"),
        ("True", "yes", "是"),
        ("False", "no", "否"),
        # why somebody may not decide
        ("party_to_the_dispute", "you belong to one of its parties", "您属于当事一方"),
        ("ruled_before", "you ruled on it", "您曾对本单判责"),
        # what isn't consistent in a ruling or in the decision of an appeal
        (
            "not_in_default",
            "the basis is default where the respondent is in default, and only there",
            "逾期默认与判定依据不符",
        ),
        (
            "basis_not_a_reviewers",
            "a reviewer rules on merits, invalid evidence or default",
            "判定依据不适用于人工判责",
        ),
        ("basis_for_the_complainant", "on this basis it can only be for the complainant", "该依据下只能判商家责任"),
        ("rest_is_complete", "what is left without the invalid pieces is complete", "剔除无效凭证后其余凭证仍然完整"),
        ("outcome_not_a_reviewers", "a reviewer rules for a side, or splits", "应判一方责任或双方分担"),
        ("liable_twice", "a party is liable once", "同一责任方不能重复"),
        ("liable_stranger", "liable are the respondent and the platform", "责任方只能是商家或平台"),
        ("other_currency", "the amounts aren't in the policy's currency", "金额币种与规则不符"),
        ("negative_amount", "an amount is negative", "金额不能为负"),
        ("does_not_add_up", "the liabilities don't add up to the awarded remedy", "责任金额之和与处理方案金额不符"),
        ("more_than_claimed", "more is awarded than was claimed", "处理金额超过诉求金额"),
        ("remedy_and_outcome", "there is a remedy unless it is for the respondent", "处理方案与判责结果不符"),
        ("respondent_bears_all", "for the complainant: the respondent bears all", "判商家全责时应由商家承担全部金额"),
        ("respondent_bears_a_part", "split: the respondent bears a part of the claim", "分担时商家应承担部分金额"),
        ("answered_twice", "the checklist answers a point twice, or one that isn't on it", "要点重复回答或不在清单中"),
        ("attribution", "attribution", "责任归属"),
        ("amount", "amount", "责任金额"),
        ("nothing_new", "only a granted appeal makes a new ruling", "仅申诉成功时才作出新的判责"),
        ("a_submission", "a submission", "每次提交"),
        ("unsent", "that aren't sent off yet", "尚未提交"),
        ("a_dispute", "a dispute", "每个售后单"),
        ("appeal_outcome_unknown", "an appeal is granted, partly granted, denied or dismissed", "申诉结果无效"),
        ("new_outcome_missing", "a granted appeal needs the outcome of the new ruling", "申诉成功须给出新的判责"),
        ("no_relief", "the respondent must bear less than before", "申诉成功后商家责任应当减轻"),
        ("too_much_relief", "partly granted leaves a part with the respondent", "部分成功时商家仍应承担一部分"),
        ("place_hold", "place a hold", "设置保全"),
        ("lift_hold", "lift the hold", "解除保全"),
        ("erase", "erase", "清除"),
        ("erase_due", "erase what is due", "清除到期内容"),
        # why a dispute is held
        ("lawsuit", "a lawsuit", "诉讼"),
        ("authority_ordered", "an authority ordered it", "主管机关要求"),
        ("investigation", "an investigation", "调查"),
        # why a deadline can't be extended
        ("not_later", "it would not be later", "新的时间并未延后"),
        ("too_late", "it would be too late", "超过可延长的最晚时间"),
        ("too_often", "it was extended too often", "延长次数已用完"),
        # why an outage can't be declared so, and how one was answered
        ("ends_before_it_begins", "it ends before it begins", "结束时间早于开始时间"),
        ("too_long", "its window is too long", "时段过长"),
        ("too_old", "it began too long ago", "开始时间过早"),
        ("too_far_ahead", "it ends too far ahead", "结束时间过晚"),
        ("declined", "declined", "已拒绝"),
        ("agreed", "agreed to", "已同意"),
        ("running", "under way", "处理中"),
        ("done", "done", "已完成"),
        # why a dispute can't be closed so
        ("not_as_awarded", "it isn't the awarded remedy", "与判定的处理方案不符"),
        ("before_the_dispute", "it would have been carried out before the dispute", "执行时间早于售后单创建时间"),
        ("in_the_future", "it would be carried out in the future", "执行时间晚于当前时间"),
        # why a webhook is disabled
        ("by_owner", "by its owner", "由所有者停用"),
        ("gone", "the receiver is gone", "接收端已不存在"),
        ("failing", "it failed for days", "连续多日失败"),
    )
}


def said(fact: object) -> Bilingual:
    """A fact as a sentence quotes it; several of a kind are listed."""
    if isinstance(fact, tuple):
        each = [said(one) for one in fact]
        return Bilingual(", ".join(one.en for one in each), "\u3001".join(one.zh for one in each))
    return WORDS.get(str(fact), Bilingual(str(fact), str(fact)))
