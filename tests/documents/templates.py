"""The tables of the three editions as the State Council office printed them, each label beside its code.

Typed from the rulings, independently of the program's own definitions: the two are held against each other.
"""

from __future__ import annotations

APPLICANTS = ["natural_person", "business", "research", "social", "legal_service", "other_org", "total"]

# label, unit, code (empty for a heading)
LIST_2014: list[tuple[str, str, str]] = [
    ("一、主动公开情况", "", ""),
    ("（一）主动公开政府信息数（不同渠道和方式公开相同信息计1条）", "条", "disclosure.total"),
    ("其中：主动公开规范性文件数", "条", "disclosure.normative"),
    ("制发规范性文件总数", "件", "normative.issued"),
    ("（二）通过不同渠道和方式公开政府信息的情况", "", ""),
    ("1.政府公报公开政府信息数", "条", "disclosure.channel.gazette"),
    ("2.政府网站公开政府信息数", "条", "disclosure.channel.website"),
    ("3.政务微博公开政府信息数", "条", "disclosure.channel.weibo"),
    ("4.政务微信公开政府信息数", "条", "disclosure.channel.wechat"),
    ("5.其他方式公开政府信息数", "条", "disclosure.channel.other"),
    ("二、回应解读情况", "", ""),
    ("（一）回应公众关注热点或重大舆情数（不同方式回应同一热点或舆情计1次）", "次", "response.events"),
    ("（二）通过不同渠道和方式回应解读的情况", "", ""),
    ("1.参加或举办新闻发布会总次数", "次", "response.press_conferences"),
    ("其中：主要负责同志参加新闻发布会次数", "次", "response.press_conferences.principal"),
    ("2.政府网站在线访谈次数", "次", "response.interviews"),
    ("其中：主要负责同志参加政府网站在线访谈次数", "次", "response.interviews.principal"),
    ("3.政策解读稿件发布数", "篇", "response.interpretations"),
    ("4.微博微信回应事件数", "次", "response.social_media"),
    ("5.其他方式回应事件数", "次", "response.other"),
    ("三、依申请公开情况", "", ""),
    ("（一）收到申请数", "件", "requests.received"),
    ("1.当面申请数", "件", "requests.received.in_person"),
    ("2.传真申请数", "件", "requests.received.fax"),
    ("3.网络申请数", "件", "requests.received.online"),
    ("4.信函申请数", "件", "requests.received.letter"),
    ("（二）申请办结数", "件", "requests.closed"),
    ("1.按时办结数", "件", "requests.closed.on_time"),
    ("2.延期办结数", "件", "requests.closed.extended"),
    ("（三）申请答复数", "件", "requests.answered"),
    ("1.属于已主动公开范围数", "件", "requests.outcome.already_public"),
    ("2.同意公开答复数", "件", "requests.outcome.granted"),
    ("3.同意部分公开答复数", "件", "requests.outcome.partial"),
    ("4.不同意公开答复数", "件", "requests.outcome.refused"),
    ("其中：涉及国家秘密", "件", "requests.outcome.refused.state_secret"),
    ("涉及商业秘密", "件", "requests.outcome.refused.trade_secret"),
    ("涉及个人隐私", "件", "requests.outcome.refused.privacy"),
    ("危及国家安全、公共安全、经济安全和社会稳定", "件", "requests.outcome.refused.security_stability"),
    ("不是《条例》所指政府信息", "件", "requests.outcome.refused.not_government_information"),
    ("法律法规规定的其他情形", "件", "requests.outcome.refused.other_law"),
    ("5.不属于本行政机关公开数", "件", "requests.outcome.not_this_body"),
    ("6.申请信息不存在数", "件", "requests.outcome.nonexistent"),
    ("7.告知作出更改补充数", "件", "requests.outcome.correction_advised"),
    ("8.告知通过其他途径办理数", "件", "requests.outcome.other_procedure"),
    ("四、行政复议数量", "件", "review.total"),
    ("（一）维持具体行政行为数", "件", "review.upheld"),
    ("（二）被依法纠错数", "件", "review.corrected"),
    ("（三）其他情形数", "件", "review.other"),
    ("五、行政诉讼数量", "件", "litigation.total"),
    ("（一）维持具体行政行为或者驳回原告诉讼请求数", "件", "litigation.upheld"),
    ("（二）被依法纠错数", "件", "litigation.corrected"),
    ("（三）其他情形数", "件", "litigation.other"),
    ("六、举报投诉数量", "件", "complaints.total"),
    ("七、依申请公开信息收取的费用", "万元", "fees.collected"),
    ("八、机构建设和保障经费情况", "", ""),
    ("（一）政府信息公开工作专门机构数", "个", "capacity.offices"),
    ("（二）设置政府信息公开查阅点数", "个", "capacity.reading_points"),
    ("（三）从事政府信息公开工作人员数", "人", "capacity.staff"),
    ("1.专职人员数（不包括政府公报及政府网站工作人员数）", "人", "capacity.staff.full_time"),
    ("2.兼职人员数", "人", "capacity.staff.part_time"),
    (
        "（四）政府信息公开专项经费（不包括用于政府公报编辑管理及政府网站建设维护等方面的经费）",
        "万元",
        "capacity.budget",
    ),
    ("九、政府信息公开会议和培训情况", "", ""),
    ("（一）召开政府信息公开工作会议或专题会议数", "次", "meetings.held"),
    ("（二）举办各类培训班数", "次", "training.sessions"),
    ("（三）接受培训人员数", "人次", "training.participants"),
]

# title, headings of the columns, rows: label and the codes of its figures
SECTION_TWO: dict[str, list[tuple[str, list[str], list[tuple[str, list[str]]]]]] = {
    "2019": [
        (
            "第二十条第（一）项",
            ["本年新制作数量", "本年新公开数量", "对外公开总数量"],
            [
                ("规章", ["regulations.made", "regulations.published", "regulations.published_total"]),
                ("规范性文件", ["normative.made", "normative.published", "normative.published_total"]),
            ],
        ),
        (
            "第二十条第（五）项",
            ["上一年项目数量", "本年增/减", "处理决定数量"],
            [
                ("行政许可", ["licensing.items_last_year", "licensing.items_change", "licensing.decisions"]),
                (
                    "其他对外管理服务事项",
                    ["other_services.items_last_year", "other_services.items_change", "other_services.decisions"],
                ),
            ],
        ),
        (
            "第二十条第（六）项",
            ["上一年项目数量", "本年增/减", "处理决定数量"],
            [
                ("行政处罚", ["penalties.items_last_year", "penalties.items_change", "penalties.decisions"]),
                ("行政强制", ["coercion.items_last_year", "coercion.items_change", "coercion.decisions"]),
            ],
        ),
        (
            "第二十条第（八）项",
            ["上一年项目数量", "本年增/减"],
            [("行政事业性收费", ["charges.items_last_year", "charges.items_change"])],
        ),
        (
            "第二十条第（九）项",
            ["采购项目数量", "采购总金额"],
            [("政府集中采购", ["procurement.projects", "procurement.amount"])],
        ),
    ],
    "2021": [
        (
            "第二十条第（一）项",
            ["本年制发件数", "本年废止件数", "现行有效件数"],
            [
                ("规章", ["regulations.issued", "regulations.repealed", "regulations.in_force"]),
                ("行政规范性文件", ["normative.issued", "normative.repealed", "normative.in_force"]),
            ],
        ),
        ("第二十条第（五）项", ["本年处理决定数量"], [("行政许可", ["licensing.decisions"])]),
        (
            "第二十条第（六）项",
            ["本年处理决定数量"],
            [("行政处罚", ["penalties.decisions"]), ("行政强制", ["coercion.decisions"])],
        ),
        ("第二十条第（八）项", ["本年收费金额（单位：万元）"], [("行政事业性收费", ["charges.amount"])]),
    ],
}

_REFUSED = [
    ("1.属于国家秘密", "state_secret"), ("2.其他法律行政法规禁止公开", "other_law"),
    ("3.危及“三安全一稳定”", "security_stability"), ("4.保护第三方合法权益", "third_party"),
    ("5.属于三类内部事务信息", "internal_affairs"), ("6.属于四类过程性信息", "process_information"),
    ("7.属于行政执法案卷", "enforcement_file"), ("8.属于行政查询事项", "administrative_query"),
]  # fmt: skip
_UNABLE = [
    ("1.本机关不掌握相关政府信息", "not_held"), ("2.没有现成信息需要另行制作", "needs_creation"),
    ("3.补正后申请内容仍不明确", "still_unclear"),
]  # fmt: skip
_NOT_PROCESSED = [
    ("1.信访举报投诉类申请", "petition"), ("2.重复申请", "repeated"), ("3.要求提供公开出版物", "publication"),
    ("4.无正当理由大量反复申请", "excessive"), ("5.要求行政机关确认或重新出具已获取信息", "reissue"),
]  # fmt: skip
_OTHER = [
    ("1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请", "not_corrected"),
    ("2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请", "fee_unpaid"),
    ("3.其他", "other"),
]

# headings from the outermost to the row's own (of three columns), code
Requests = list[tuple[list[str], str]]


def requests(edition: str) -> Requests:
    """The rows of section 三."""
    done = "三、本年度办理结果"
    refused = [([done, "（三）不予公开", label], f"requests.outcome.refused.{code}") for label, code in _REFUSED]
    unable = [([done, "（四）无法提供", label], f"requests.outcome.unable.{code}") for label, code in _UNABLE]
    unprocessed = [
        ([done, "（五）不予处理", label], f"requests.outcome.not_processed.{code}") for label, code in _NOT_PROCESSED
    ]
    other = [([done, "（六）其他处理", label], f"requests.outcome.other.{code}") for label, code in _OTHER]
    return [
        (["一、本年新收政府信息公开申请数量"], "requests.received"),
        (["二、上年结转政府信息公开申请数量"], "requests.carried_in"),
        ([done, "（一）予以公开"], "requests.outcome.granted"),
        ([done, "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"], "requests.outcome.partial"),
        *refused, *unable, *unprocessed,
        *(other if edition == "2021" else [([done, "（六）其他处理"], "requests.outcome.other")]),
        ([done, "（七）总计"], "requests.closed"),
        (["四、结转下年度继续办理"], "requests.carried_out"),
    ]  # fmt: skip


RESULTS = [
    ("结果维持", "upheld"), ("结果纠正", "corrected"), ("其他结果", "other"), ("尚未审结", "pending"), ("总计", "total"),
]  # fmt: skip
# the headings above each block of section 四, and its code
DISPUTES = [
    (["行政复议"], "review"),
    (["行政诉讼", "未经复议直接起诉"], "litigation.direct"),
    (["行政诉讼", "复议后起诉"], "litigation.after_review"),
]


def keys(edition: str) -> list[tuple[str, str]]:
    """Every figure of an edition as indicator and applicant, in the order of the form."""
    if edition == "2014":
        return [(code, "") for _, _, code in LIST_2014 if code]
    two = [(code, "") for _, _, rows in SECTION_TWO[edition] for _, codes in rows for code in codes]
    three = [(code, applicant) for _, code in requests(edition) for applicant in APPLICANTS]
    four = [(f"{block}.{result}", "") for _, block in DISPUTES for _, result in RESULTS]
    return two + three + four
