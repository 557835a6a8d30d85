package plan

import "strings"

// fieldWords names the fields of a plan, by their names in JSON, in Chinese and
// English. A test sees to it that none is missing.
var fieldWords = map[string][2]string{
	"age": {"逾期档位", "bands of age"}, "amount": {"数量", "amount"}, "approval": {"审批", "approval"}, "area": {"地区编号", "area"},
	"area_name": {"地区", "area name"}, "bands": {"档位", "bands"}, "base": {"基数", "base"}, "base_share": {"上年各月占比", "base shares"},
	"basis": {"口径", "basis"}, "below": {"上限", "below"}, "changes": {"目标调整", "target change"}, "checklist": {"清单", "checklist"},
	"class": {"可见范围", "class"}, "clause": {"目标原文", "clause"}, "commitment": {"目标性质", "commitment"}, "comparator": {"比较符", "comparator"},
	"continues": {"承接计划", "continues"}, "cos": {"协办单位", "co-organisers"}, "date": {"日期", "date"}, "dates": {"报送日期", "due dates"},
	"days": {"期后天数", "days"}, "deadline": {"完成期限", "deadline"}, "denominator": {"分母", "denominator"}, "document": {"文号", "document"},
	"due": {"报送期限", "due"}, "effective": {"生效日期", "effective date"}, "entries": {"清单项", "entry"}, "events": {"任务事项", "event"},
	"former": {"曾用名", "former name"}, "from": {"起", "from"}, "gap": {"差距档位", "bands of the gap"}, "holidays": {"节假日", "holidays"},
	"id": {"编号", "id"}, "indicators": {"指标", "indicator"}, "issuer": {"发文机关", "issuer"}, "kind": {"类型", "kind"},
	"lag_months": {"数据滞后月数", "lag in months"}, "leads": {"主办单位", "leads"}, "members": {"成员", "member"}, "name": {"名称", "name"},
	"not_before": {"最早公开时间", "not before"}, "note": {"说明", "note"}, "number": {"文号或序号", "number"}, "numerator": {"分子", "numerator"},
	"or_lag_months_below": {"或滞后月数小于", "or lag in months below"}, "organisation": {"单位", "organisation"},
	"organisations": {"单位", "organisation"}, "pace": {"序时比档位", "bands of pace"}, "parts": {"分项", "part"}, "planned": {"计划日期", "planned date"},
	"points": {"序时节点", "point"}, "portfolios": {"分管", "portfolio"}, "ratio": {"比率", "ratio"}, "reason": {"理由", "reason"},
	"reference": {"同步对象", "reference"}, "reporter": {"填报单位", "reporter"}, "rhythm": {"报送节奏", "rhythm"}, "section": {"章节", "section"},
	"sections": {"章节", "section"}, "sense": {"改善方向", "sense"}, "series": {"序列", "series"}, "set": {"审定状态", "set by"},
	"shares": {"各月占比", "shares"}, "short": {"简称", "short title"}, "size": {"项数", "size"}, "source": {"来源", "source"},
	"span": {"时期范围", "span"}, "status": {"状态", "status"}, "step": {"计量精度", "step"}, "target": {"目标值", "target"},
	"tasks": {"任务", "task"}, "text": {"原文", "text"}, "time_zone": {"时区", "time zone"}, "title": {"标题", "title"}, "to": {"至", "to"},
	"tolerance": {"容差", "tolerance"}, "total": {"合计方式", "total"}, "trajectory": {"序时安排", "trajectory"}, "unit": {"计量单位", "unit"},
	"until": {"停用日期", "until"}, "visibility": {"公开范围", "visibility"}, "weight": {"权重", "weight"}, "working_days": {"期后工作日", "working days"},
	"year": {"年度", "year"},
}

// wordsFor names a field; one that has no words keeps its own name.
func wordsFor(name string) [2]string {
	if w, ok := fieldWords[name]; ok {
		return w
	}
	plain := strings.ReplaceAll(name, "_", " ")
	return [2]string{plain, plain}
}
